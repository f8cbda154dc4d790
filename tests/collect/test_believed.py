"""Deletions told by silence: believed where the platform shows other posts after them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Again
from pipeline.collect._believed import believed
from pipeline.errors import UnavailableError


def calls(pattern):
    """Calls of 25 posts: "." shows half of them, "x" none."""
    return [[Again(f"{at}/{n}", gone=so == "x" or n % 2 == 0) for n in range(25)] for at, so in enumerate(pattern)]


@given(st.text("x.", max_size=12))
def test_what_is_told_before_a_post_that_is_shown_is_believed_and_nothing_after_it(pattern):
    known, seen = calls(pattern), []
    try:
        seen.extend(believed(iter(known), "sample"))
    except UnavailableError:
        assert pattern.endswith("x")
    else:
        assert not pattern.endswith("x")
    assert seen == [one for some in known[: pattern.rfind(".") + 1] for one in some]


@pytest.mark.parametrize("number", [0, 1, 10])
def test_a_few_posts_may_all_be_gone(number):
    few = [Again(str(n), gone=True) for n in range(number)]
    assert list(believed([few] if few else [], "sample")) == few
