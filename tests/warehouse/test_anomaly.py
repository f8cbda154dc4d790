"""Unusual nights: exact tails, the rules of the usual level, and the same rows whichever way they came."""

from __future__ import annotations

import json
import math
import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline import warehouse
from pipeline.warehouse import anomaly_level as level
from pipeline.warehouse import anomaly_tail as tail
from pipeline.warehouse.paths import PUBLISHED_FILE
from tests.warehouse import story
from tests.warehouse.files import build, rows_of

COUNTS = st.integers(0, 400)
MEANS = st.floats(0.5, 200)
FACTORS = st.floats(1.1, 20)


def chance(count: int, mean: float, factor: float) -> float:
    """The negative binomial's probability of one count, by its definition."""
    size, q = mean / (factor - 1), (factor - 1) / factor
    ways = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    return math.exp(ways + size * math.log1p(-q) + count * math.log(q))


@settings(max_examples=40, deadline=None)
@given(COUNTS, MEANS, FACTORS)
def test_tails_are_the_sums_of_their_chances(count: int, mean: float, factor: float) -> None:
    row = np.array([float(count)]), np.array([mean]), np.array([factor])
    below = math.fsum(chance(k, mean, factor) for k in range(count + 1))
    assert tail.at_most(*row)[0] == pytest.approx(below, abs=1e-10)
    assert tail.at_least(row[0] + 1, *row[1:])[0] == pytest.approx(1 - below, abs=1e-10)


def test_a_far_tail_keeps_its_digits() -> None:
    found = tail.at_least(np.array([300.0]), np.array([100.0]), np.array([5.6]))[0]
    assert found == pytest.approx(math.fsum(chance(k, 100, 5.6) for k in range(300, 2000)), rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(MEANS, FACTORS)
def test_the_usual_range_ends_where_flags_begin(mean: float, factor: float) -> None:
    m, f = np.array([mean]), np.array([factor])
    rare = np.array([level.LEVEL])
    high, low = tail.largest_usual(m, f, rare), tail.smallest_usual(m, f, rare)
    assert tail.at_least(high + 1, m, f)[0] <= level.LEVEL < tail.at_least(high, m, f)[0]
    assert tail.at_most(low, m, f)[0] > level.LEVEL
    assert low[0] == 0 or tail.at_most(low - 1, m, f)[0] <= level.LEVEL


def test_a_chance_that_rests_on_a_guessed_spread_is_read_as_students() -> None:
    # Student's 97.5 % points: 2.228 with 10 degrees, 2.010 with 49.
    p = np.array([0.5 * math.erfc(score / math.sqrt(2)) for score in (2.2281, 2.0096)])
    freedom = np.array([10.0, 49.0])
    assert tail.fair(p, freedom) == pytest.approx(0.025, abs=1e-5)
    assert tail.strict(0.025, freedom) == pytest.approx(p, rel=1e-3)
    assert (tail.fair(np.array([0.0, 0.7]), freedom) == [0.0, 0.7]).all()


def test_long_tails_leave_the_spread_less_sure() -> None:
    calm, wild = judged([20] * 57).freedom[0, 56], judged([2, 40, 0, 90, 3, 1, 0] * 8 + [5]).freedom[0, 56]
    assert wild < calm < 49


def judged(*series: list[int]) -> level.Judged:
    """The series judged from their first night on, nothing known before."""
    counts = np.pad(np.array(series), ((0, 0), (level.WINDOW, 0)), constant_values=-1)
    none = np.zeros(counts.shape, bool)
    return level.judge(counts, none, none, level.WINDOW)


def test_the_level_is_the_mean_of_the_same_weekdays() -> None:
    weeks = [[week % 2 + 10 * (day == 0) for day in range(7)] for week in range(8)]
    found = judged([count for week in weeks for count in week] + [10, 0])
    assert found.usual[0, 56] == 10.5
    assert found.usual[0, 57] == 0.5
    # Every count is half a mention off its mean: 8 x 0.25 / 10.5 + 48 x 0.25 / 0.5 over 49 degrees is below 1.
    assert found.factor[0, 56] == 1 + 1 / 8


def test_a_level_needs_four_such_weekdays_and_four_weeks() -> None:
    found = judged([5] * 40)
    assert np.isnan(found.usual[0, :28]).all()
    assert (found.usual[0, 28:] == 5).all()


def test_a_flagged_night_is_left_out_of_later_levels() -> None:
    found = judged([5] * 35 + [60] + [5] * 20)
    assert found.flagged[0, 35] and found.up[0, 35]
    assert found.flagged.sum() == 1
    assert (found.usual[0, 36:] == 5).all()


def test_a_silence_is_flagged_downwards() -> None:
    found = judged([30] * 56 + [2])
    assert found.flagged[0, 56] and not found.up[0, 56]


def test_a_night_that_is_not_complete_is_neither_tested_nor_used() -> None:
    found = judged([5] * 35 + [-1] + [5] * 20)
    assert np.isnan(found.p[0, 35]) and not found.flagged[0, 35]
    assert (found.usual[0, 36:] == 5).all()


def test_a_new_level_falls_silent_and_is_learnt() -> None:
    found = judged([5] * 56 + [60] * 60)
    assert found.flagged[0, 56:63].all()
    assert found.restarted[0].nonzero()[0].tolist() == [62]
    assert np.isnan(found.p[0, 64:77]).all()
    assert found.flagged[0, 63:].sum() == 0
    assert found.usual[0, -1] == 60


def test_a_brand_never_spoken_of_is_not_tested_until_it_is() -> None:
    found = judged([0] * 56 + [0, 12])
    assert np.isnan(found.p[0, 56])
    assert found.flagged[0, 57]


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_series_alone_and_among_others_gives_the_same_bits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.negative_binomial(2, 0.1, (5, 90)) - (rng.random((5, 90)) < 0.1)
    together = judged(*counts.tolist())
    for place, row in enumerate(counts.tolist()):
        alone = judged(row)
        for one, all_ in ((alone.p, together.p), (alone.usual, together.usual), (alone.factor, together.factor)):
            assert one[0].tobytes() == all_[place].tobytes()


def speak(store: story.Store, day: date, brand: str, count: int, *, source: str = "sample", **more: object) -> None:
    """Write a complete night of `count` mentions of the brand by as many authors."""
    story.night(store, day, source=source)
    for number in range(count):
        key = (day - story.FIRST).days * 10_000 + story.SLUGS.index(brand) * 1_000 + number
        story.post(store, key, day, source=source, author_key=number, **more)
        story.mention(store, key, brand, label="neutral")


@pytest.fixture
def busy() -> story.Store:
    """150 nights of two brands: Dijon has three loud nights, Troyes a new level from the hundredth night on."""
    store, rng = story.Store(), random.Random(5)
    for offset in range(150):
        day = story.FIRST + timedelta(days=offset)
        if offset % 20 == 13:
            story.night(store, day, "failed")
            continue
        speak(store, day, "dijon", 45 if offset in {70, 71, 120} else rng.randrange(3, 9))
        speak(store, day, "troyes", rng.randrange(3, 9) + (40 if offset >= 100 else 0))
    return store


def test_loud_nights_are_found_with_their_posts_and_gaps_are_silent(tmp_path: Path, busy: story.Store) -> None:
    path = build(tmp_path, busy, story.FIRST + timedelta(days=149)).path
    found = warehouse.query(path, "select brand, night, source, direction, observed, cause, detail from anomaly")[1]
    dijon = {(night - story.FIRST).days for brand, night, source, *_ in found if brand == "dijon" and source == "*"}
    assert dijon == {70, 71, 120}
    # The new level alarms seven times (one night failed), says so, and is the usual one from then on.
    troyes = [row for row in found if row[0] == "troyes" and row[2] == "*"]
    assert [json.loads(row[6])["new_level"] for row in sorted(troyes)] == [False] * 6 + [True]
    assert {row[3] for row in found} == {"up"} and {row[5] for row in found} == {"volume"}
    posts = warehouse.query(path, "select rank, share, url from anomaly_post where brand = 'dijon' and source = '*'")[1]
    assert len(posts) == 15 and {share for _, share, _ in posts} == {1 / 45}


def test_any_late_change_gives_the_rows_of_a_full_build(tmp_path: Path, busy: story.Store) -> None:
    last = story.FIRST + timedelta(days=149)
    build(tmp_path, busy, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    later = story.FIRST + timedelta(days=104)
    for changes in (
        # One post of a loud night goes, and a failed night is collected after all.
        (lambda: busy.delete(70 * 10_000 + 3), lambda: speak(busy, story.FIRST + timedelta(days=13), "dijon", 5)),
        # The new level is found a night later, and a brand is spoken of for the first time.
        (lambda: story.night(busy, later, "failed"), lambda: speak(busy, story.FIRST + timedelta(days=30), "lille", 2)),
    ):
        for change in changes:
            change()
        assert build(tmp_path, busy, last).touched_nights == 2
        warehouse.publish(tmp_path, night=last, now=story.moment(last))
        whole = rows_of(build(tmp_path / "whole", busy, last, full=True).path)
        assert rows_of(tmp_path / PUBLISHED_FILE) == whole


def cells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Note the size of what is judged."""
    sizes: list[tuple[int, ...]] = []

    def noted(counts: NDArray[np.int64], *rest: object) -> level.Judged:
        sizes.append(counts.shape)
        return level.judge(counts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.warehouse.anomaly.judge", noted)
    return sizes


def test_a_late_change_costs_two_windows_and_not_the_history(
    tmp_path: Path, busy: story.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = story.FIRST + timedelta(days=149)
    build(tmp_path, busy, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    monkeypatch.setattr("pipeline.warehouse.anomaly._ON", level.WINDOW)
    sizes = cells(monkeypatch)
    busy.delete(32 * 10_000 + 1)
    build(tmp_path, busy, last)
    # Dijon's one source and all together; 56 nights looked back on, the night itself, and 56 that agree again.
    assert sizes == [(2, 56 + 1 + 56)]
