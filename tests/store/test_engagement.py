"""Counts are dated observations, and one is written when it tells something new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_story import KEY, START, found, rows, save

from pipeline import store
from pipeline.model import Engagement
from pipeline.store.engagement import news
from pipeline.store.rows import counts_row


def seen(hours: int, **counts: int | None) -> tuple[str, str, Engagement]:
    return "sample", "id-1", Engagement(START + timedelta(hours=hours), **counts)


def observe(engine: store.Engine, *observed: tuple[str, str, Engagement]) -> tuple[int, int, int]:
    return store.save_engagement(engine, observed, key=KEY)


@pytest.fixture
def stored(engine):
    save(engine, found(engagement=None))
    return engine


def likes(engine: store.Engine) -> list[object]:
    return [row["likes"] for row in rows(engine)["engagement"]]


def test_only_counts_that_differ_from_the_ones_before_are_kept(stored):
    assert observe(stored, seen(1, likes=5), seen(2, likes=5), seen(3, likes=6), seen(4, likes=5)) == (3, 1, 0)
    assert likes(stored) == [5, 6, 5]
    assert observe(stored, seen(5, likes=5)) == (0, 1, 0)


def test_a_late_observation_is_compared_with_the_ones_before_it(stored):
    observe(stored, seen(1, likes=5), seen(9, likes=9))
    assert observe(stored, seen(5, likes=5), seen(6, likes=7)) == (1, 1, 0)
    assert likes(stored) == [5, 7, 9]


def test_an_unknown_count_is_no_news_and_never_zero(stored):
    assert observe(stored, seen(1)) == (0, 1, 0)
    observe(stored, seen(1, likes=5, views=100), seen(2, likes=5), seen(3, views=100))
    assert len(likes(stored)) == 1
    assert observe(stored, seen(4, likes=0)) == (1, 0, 0)
    assert likes(stored) == [5, 0]


def test_two_readings_of_one_moment_become_one(stored):
    observe(stored, seen(1, likes=5), seen(1, likes=4, views=7))
    (row,) = rows(stored)["engagement"]
    assert (row["likes"], row["views"]) == (5, 7)
    assert observe(stored, seen(1, likes=4)) == (0, 1, 0)


def test_counts_of_a_post_that_is_not_kept_are_told(stored):
    other = ("sample", "id-2", Engagement(START, likes=1))
    assert observe(stored, other, seen(1, likes=1)) == (1, 0, 1)


@pytest.mark.parametrize(
    ("hours", "kept"),
    [
        (10, 1),  # too early to stand for one day
        (11, 2),
        (24, 2),
        (25, 1),
        (72, 1),  # no figure is published of three days
        (7 * 24 - 25, 1),
        (7 * 24 - 24, 2),
        (7 * 24 + 1, 1),
        (27 * 24, 2),
        (28 * 24, 2),
    ],
)
def test_the_first_look_near_an_age_is_kept_though_nothing_changed(engine, hours, kept):
    save(engine, found(created_at=START, engagement=None))
    observe(engine, seen(1, likes=5))
    assert observe(engine, seen(hours, likes=5)) == (kept - 1, 2 - kept, 0)
    assert len(likes(engine)) == kept


def test_a_second_look_near_an_age_is_no_news(stored):
    assert observe(stored, seen(1, likes=5), seen(15, likes=5), seen(20, likes=5), seen(160, likes=5)) == (3, 1, 0)
    assert observe(stored, seen(18, likes=5), seen(166, likes=5)) == (0, 2, 0)


def test_a_post_dated_at_the_end_of_the_calendar_has_no_age_to_come(engine):
    late = found(created_at=datetime(9999, 12, 30, tzinfo=UTC), engagement=Engagement(START, likes=1))
    save(engine, late)
    assert observe(engine, seen(1, likes=1)) == (0, 1, 0)


def test_the_same_file_again_writes_nothing(stored):
    many = [seen(n, likes=n // 2) for n in range(200)]
    # One that is no news is kept: after 11 hours, the first near the age of a day.
    assert observe(stored, *many) == (101, 99, 0)
    revision = store.revision(stored)
    assert observe(stored, *many) == (0, 200, 0)
    assert store.revision(stored) == revision


COUNTS = st.one_of(st.none(), st.integers(0, 3))


# Hours in which nothing comes of age, then those around the age of a day.
HOURS = st.one_of(st.integers(0, 8), st.integers(9, 26))


@given(st.lists(st.tuples(HOURS, COUNTS, COUNTS), max_size=12))
def test_the_order_inside_a_batch_does_not_matter_and_no_known_value_is_lost(observed):
    batch = [counts_row(1, Engagement(START + timedelta(hours=h), likes=a, views=b)) for h, a, b in observed]
    batch = [row for row in batch if row]
    kept: dict = {}
    written = news(kept, batch, {1: START})
    assert {row["observed_at"]: row for row in written} == kept.get(1, {})
    assert {row["observed_at"]: row for row in news({}, batch[::-1], {1: START})} == kept.get(1, {})
    assert news(kept, batch, {1: START}) == []
    for name in ("likes", "views"):
        assert max((r[name] for r in batch if r[name] is not None), default=None) == max(
            (r[name] for r in written if r[name] is not None), default=None
        )
