import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.score import reach


def test_unknown_followers_give_none_never_zero():
    found = reach.estimate("x", None, None)
    assert (found.observed, found.low, found.central, found.high) == (None, None, None, None)
    assert found.version == "reach/1"


def test_views_are_kept_beside_the_estimate():
    found = reach.estimate("x", 1000, 37)
    assert (found.observed, found.low, found.central, found.high) == (37, 75.0, 150.0, 300.0)


def test_no_followers_reach_nobody_and_that_is_known():
    assert reach.estimate("bluesky", 0, 0).central == 0.0
    assert reach.estimate("bluesky", 0, 0).observed == 0


@pytest.mark.parametrize(
    ("followers", "share"), [(1, 0.15), (100_000, 0.15), (5_050_000, 0.105), (10_000_000, 0.06), (10**9, 0.06)]
)
def test_large_accounts_reach_a_smaller_share(followers, share):
    assert reach.share(followers) == pytest.approx(share)


def test_impossible_counts_are_unknown():
    found = reach.estimate("x", -1, -1)
    assert (found.observed, found.central) == (None, None)


@given(st.integers(0, 10**10))
def test_low_central_and_high_are_in_order(followers):
    found = reach.estimate("x", followers, None)
    assert 0 <= found.low <= found.central <= found.high <= 0.3 * followers
