"""Campaigns: the effect and its placebo, what makes them unknowable, and the same rows whichever way they came."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline import warehouse
from pipeline.model import Brand, Campaign
from pipeline.warehouse.campaign import judged
from pipeline.warehouse.campaign_effect import Change, difference, mixed, synthetic
from pipeline.warehouse.campaign_panel import SPAN, Measured, loudness, panel
from pipeline.warehouse.paths import PUBLISHED_FILE
from tests.warehouse import story
from tests.warehouse.files import build, rows_of

SEEDS = st.integers(0, 2**32 - 1)


def moved(peers: int, effect: float) -> Change:
    """One brand that moved by `effect`, and peers that moved by -1, 1, -1, ... hundredths."""
    rng = np.random.default_rng(0)
    own = np.array([effect, *[0.01 * (-1) ** number for number in range(peers)]])
    return Change(rng.normal(0, 1, (peers + 1, 56)), own, np.zeros(peers + 1), np.full(peers + 1, 0.01))


def test_the_effect_is_the_difference_to_the_peers_mean() -> None:
    found = difference(moved(20, 0.5))
    assert found.effect == pytest.approx(0.5)
    assert found.p == 1 / 21
    # 20 of 20 placebo scores are needed for 95 %: the widest peer moved 0.01 against a mean of 0.0005.
    assert found.low is not None and found.low == pytest.approx(0.5 - 0.0105, abs=0.001)


def test_nineteen_peers_are_needed_for_an_interval() -> None:
    assert difference(moved(18, 0.5)).low is None
    assert difference(moved(19, 0.5)).low is not None


def test_a_brand_that_moved_like_its_peers_ranks_among_them() -> None:
    assert difference(moved(20, 0.001)).p > 0.5


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_the_mix_is_positive_sums_to_one_and_leaves_the_campaign_out(seed: int) -> None:
    weights = mixed(np.random.default_rng(seed).normal(0, 1, (12, 56)))
    assert (weights >= 0).all()
    assert weights.sum(axis=1) == pytest.approx(1)
    assert (np.diag(weights) == 0).all() and (weights[1:, 0] == 0).all()


def test_the_mix_finds_the_peers_that_ran_alike() -> None:
    rng = np.random.default_rng(1)
    before = rng.normal(0, 1, (12, 56))
    before[0] = 5 + (before[3] + before[7]) / 2
    weights = mixed(before)[0]
    assert set(np.argsort(weights)[-2:]) == {3, 7}
    assert weights[[3, 7]].sum() > 0.8
    change = Change(
        before, np.where(np.isin(np.arange(12), (3, 7)), 2.0, 0.0) + (np.arange(12) == 0) * 2.5, before[:, 0]
    )
    assert synthetic(change).effect == pytest.approx(0.5, abs=0.4)
    assert difference(change).effect == pytest.approx(2.5 - 4 / 11)


def seen(mentions: NDArray[np.float64], *, touched: tuple[int, ...] = (), is_over: bool = True) -> Measured:
    """Brands with these mentions a night, a third positive, a tenth negative."""
    rows = len(mentions)
    is_touched = np.isin(np.arange(rows), touched)
    return Measured(mentions, mentions, mentions * 0.2, mentions * 0.4, np.zeros(rows, bool), is_touched, is_over)


def crowd(rows: int, level: float = 20, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).poisson(level, (rows, 2 * SPAN)).astype(float)


def reasons(measured: Measured) -> dict[object, tuple[object, object]]:
    """Measure -> verdict and reason, by difference."""
    return {m: (verdict, why) for m, method, verdict, why, *_ in judged(measured) if method == "difference"}


def test_a_planted_effect_is_found() -> None:
    counts = crowd(25)
    counts[0, SPAN:] *= 2
    assert reasons(seen(counts))["log_mentions"] == ("up", None)
    counts[0, SPAN:] /= 4
    assert reasons(seen(counts))["log_mentions"] == ("down", None)


def test_nobody_can_tell_without_peers_nights_or_mentions() -> None:
    counts = crowd(25)
    assert reasons(seen(counts[:12]))["log_mentions"] == ("cannot_tell", "few_peers")
    assert reasons(seen(counts[:1]))["log_mentions"] == ("cannot_tell", "few_peers")
    assert reasons(seen(counts, touched=(0,)))["log_mentions"] == ("cannot_tell", "own_campaign")
    assert reasons(seen(counts, touched=tuple(range(1, 12))))["log_mentions"] == ("cannot_tell", "peer_campaign")
    assert set(reasons(seen(crowd(25, level=0.1))).values()) == {("cannot_tell", "few_mentions")}
    gone = counts.copy()
    gone[0, :40] = np.nan
    assert reasons(seen(gone))["log_mentions"] == ("cannot_tell", "incomplete_nights")
    soon = counts.copy()
    soon[:, SPAN + 5 :] = np.nan
    assert reasons(seen(soon, is_over=False))["log_mentions"] == ("cannot_tell", "too_soon")
    assert reasons(seen(soon))["log_mentions"][0] == "none"


def test_nobody_can_tell_when_the_trends_disagreed_before() -> None:
    counts = crowd(25)
    counts[0] *= np.linspace(0.3, 2, 2 * SPAN)
    assert reasons(seen(counts))["log_mentions"] == ("cannot_tell", "trends_disagree")


def test_peers_are_of_about_the_same_size_and_as_complete() -> None:
    counts = crowd(25)
    counts[1] *= 10
    counts[2, :20] = np.nan
    assert set(panel(seen(counts), "log_mentions").peers) == set(range(3, 25))


def test_weekdays_are_compared_with_themselves() -> None:
    counts = np.tile(np.array([5.0, 20, 20, 20, 20, 50, 50]), (3, 16))
    # The campaign had only a week-end: louder than the mean night, and as loud as any other week-end.
    counts[:, SPAN:] = np.nan
    counts[:, SPAN + 5 : SPAN + 7] = 50
    assert loudness(seen(counts), np.arange(3)).moved == pytest.approx(0)


BRANDS = tuple(
    Brand(f"b{n:02}", f"B{n}", f"B{n}", None, "commune", peers=("b01",) if n == 0 else ()) for n in range(21)
)
START = story.FIRST + timedelta(days=60)


def test_any_late_change_gives_the_rows_of_a_full_build(tmp_path: Path) -> None:
    store, rng = story.Store(), random.Random(3)
    for offset in range(80):
        day = story.FIRST + timedelta(days=offset)
        story.night(store, day)
        for number, brand in enumerate(BRANDS):
            store.put("ledger_scope", ("night", brand.slug), {"run": "night", "brand": brand.slug})
            loud = 12 if number == 0 and offset >= 60 else 0
            for post in range(rng.randrange(4, 8) + loud):
                key = offset * 10_000 + number * 100 + post
                story.post(store, key, day, author_key=key)
                label = random.Random(key).choice(["negative", "neutral", "positive"])
                story.mention(store, key, brand.slug, label=label)
    brands = (replace(BRANDS[0], campaigns=(Campaign("Respirez", START),)), *BRANDS[1:])
    last = story.FIRST + timedelta(days=79)
    earlier = last - timedelta(days=1)
    build(tmp_path, store, earlier, brands=brands)
    warehouse.publish(tmp_path, night=earlier, now=story.moment(earlier))
    store.delete(10_000 * 62 + 3)
    path = build(tmp_path, store, last, brands=brands).path
    found = warehouse.query(path, "select measure, method, verdict, peers, effect, start from campaign_effect")[1]
    assert {(m, v, n) for m, _, v, n, *_ in found} == {("log_mentions", "up", 20), ("net_sentiment", "none", 20)}
    assert all(0.8 < effect < 1.2 for m, _, _, _, effect, _ in found if m == "log_mentions")
    assert {start for *_, start in found} == {START}
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    whole = build(tmp_path / "whole", store, last, full=True, brands=brands)
    assert rows_of(tmp_path / PUBLISHED_FILE) == rows_of(whole.path)
