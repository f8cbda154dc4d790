"""How long to wait, in every form a header says it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect._waits import asked_wait, backoff, is_spent

NOW = datetime(2026, 1, 13, 4, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 2.5 "}, 2.5),
        ({"retry-after": "Tue, 13 Jan 2026 04:01:00 GMT"}, 60),
        ({"retry-after": "Tue, 13 Jan 2026 03:00:00 GMT"}, 0),
        ({"x-rate-limit-reset": str(STAMP + 900)}, 900),
        ({"x-ratelimit-reset": "2026-01-13T04:05:00.123456Z"}, 300.123456),
        ({"x-ratelimit-reset": "2026-01-13T05:05:00+01:00"}, 300),
        ({"x-ratelimit-reset": "37"}, 37),  # Reddit: seconds left
        ({"x-ratelimit-reset": "37.0"}, 37),
        ({"ratelimit-reset": str(STAMP + 30)}, 30),  # Bluesky
        ({"x-ratelimit-reset": str((STAMP + 30) * 1000)}, 30),
        ({"ratelimit": "limit=100, remaining=0, reset=30"}, 30),
        ({"ratelimit": '"default";r=0;t=30'}, 30),
        ({"x-rate-limit-reset": str(STAMP - 900)}, 0),
        ({"retry-after": "5", "x-rate-limit-reset": str(STAMP + 900)}, 5),
        ({"retry-after": "soon", "x-rate-limit-reset": str(STAMP + 9)}, 9),
    ],
)
def test_every_form_of_a_wait_is_read(headers, seconds):
    assert asked_wait(headers, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf", "-inf", "1e999", "²", "0x10", "\x00", "9" * 5000])
def test_what_says_nothing_is_unknown(text):
    assert asked_wait({"retry-after": text, "ratelimit": text}, NOW) is None or len(text) > 64


def test_a_clock_that_differs_does_no_harm():
    told = {"date": "Tue, 13 Jan 2026 06:00:00 GMT", "retry-after": "Tue, 13 Jan 2026 06:00:10 GMT"}
    assert asked_wait(told, NOW) == 10


@given(st.dictionaries(st.sampled_from(["retry-after", "x-ratelimit-reset", "ratelimit", "date"]), st.text()))
def test_no_header_can_break_it(headers):
    wait = asked_wait(headers, NOW)
    assert wait is None or wait >= 0
    is_spent(headers)


def test_a_used_up_window_is_seen():
    assert is_spent({"x-ratelimit-remaining": "0"})
    assert is_spent({"x-ratelimit-remaining": "0.0"})
    assert is_spent({"ratelimit": '"default";r=0;t=30'})
    assert not is_spent({"x-ratelimit-remaining": "1"})
    assert not is_spent({})


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_jitter_lies_between_nothing_and_the_doubled_bound(attempt, chance):
    wait = backoff(attempt, 1.0, 60.0, chance)
    assert 0 <= wait <= min(60.0, 2.0 ** min(attempt - 1, 10))


def test_a_moment_without_zone_is_utc():
    told = (NOW + timedelta(seconds=20)).replace(tzinfo=None).isoformat()
    assert asked_wait({"x-ratelimit-reset": told}, NOW) == 20
