"""False alarms and power of the test of unusual nights, on made-up counts with a weekday pattern and known events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipeline.warehouse import models
from pipeline.warehouse.anomaly_level import WINDOW, Ints, Judged, judge

MEANS = (5, 20, 100)
SPREADS = (2, 5)  # variance / mean of a night's count
SPIKES = (2, 3, 4)
_WEEK = np.array([1.1, 1.0, 1.0, 1.05, 1.2, 0.85, 0.8])
_TESTED = 112  # nights after the first eight weeks
_FIRST = date(2026, 1, 5)

Rows = Iterator[tuple[object, ...]]


def counts(rng: np.random.Generator, series: int, nights: int, mean: float, spread: float) -> Ints:
    """Negative binomial counts: variance = mean * spread, a weekday pattern, no event."""
    level = np.broadcast_to(mean * np.resize(_WEEK, nights), (series, nights))
    return rng.negative_binomial(level / (spread - 1), 1 / spread).astype(np.int64)


def judged(made: Ints) -> Judged:
    """The counts judged from the first night on, nothing known before."""
    padded = np.pad(made, ((0, 0), (WINDOW, 0)), constant_values=-1)
    none = np.zeros(padded.shape, bool)
    return judge(padded, none, none, WINDOW)


def flags(series: int, seed: int) -> Rows:
    """(mean, variance / mean, nights tested, flagged upwards, downwards): shares of nights without any event."""
    rng = np.random.default_rng(seed)
    for mean in MEANS:
        for spread in SPREADS:
            found = judged(counts(rng, series, WINDOW + _TESTED, mean, spread))
            tested = np.isfinite(found.p[:, WINDOW:])
            hit = found.flagged[:, WINDOW:]
            up = hit & found.up[:, WINDOW:]
            yield mean, spread, int(tested.sum()), up.sum() / tested.sum(), (hit & ~up).sum() / tested.sum()


def power(series: int, seed: int) -> Rows:
    """(mean, variance / mean, share of spikes of each size found): a spike every four weeks, nothing between."""
    rng = np.random.default_rng(seed)
    for mean in MEANS:
        for spread in SPREADS:
            seen = []
            for times in SPIKES:
                made = counts(rng, series, WINDOW + _TESTED, mean, spread)
                loud = np.arange(WINDOW + 10, WINDOW + _TESTED, 29)
                level = np.broadcast_to(times * mean * np.resize(_WEEK, made.shape[1])[loud], (series, len(loud)))
                made[:, loud] = rng.negative_binomial(level / (spread - 1), 1 / spread)
                seen.append(float(judged(made).flagged[:, loud].mean()))
            yield mean, spread, *seen


def shift(series: int, seed: int) -> tuple[float, float]:
    """A level that trebles for good: mean nights flagged in its first 8 weeks, share of nights flagged after them."""
    rng = np.random.default_rng(seed)
    made = np.concatenate([counts(rng, series, WINDOW, 20, 2), counts(rng, series, 2 * WINDOW, 60, 2)], axis=1)
    found = judged(made).flagged
    return float(found[:, WINDOW : 2 * WINDOW].sum(axis=1).mean()), float(found[:, 2 * WINDOW :].mean())


def nights(brands: int, count: int, eventful: float, seed: int) -> tuple[float, float, float, float]:
    """Many brands at once, as night_alarm.sql judges them; `eventful` of the brands' nights are four times as loud.

    Returns alarms without an event per night, their share of a night's alarms (mean over nights, what is held to one in
    ten) and of all alarms together, and the share of events found.
    """
    rng = np.random.default_rng(seed)
    means = np.exp(rng.uniform(np.log(3), np.log(100), brands))
    made = np.stack([counts(rng, 1, WINDOW + count, mean, 3)[0] for mean in means])
    event = rng.random(made.shape) < eventful
    event[:, :WINDOW] = False
    made = np.where(event, 4 * made, made)
    alarmed = _alarmed(judged(made), made)
    false, true = (alarmed & ~event).sum(axis=0)[WINDOW:], (alarmed & event).sum(axis=0)[WINDOW:]
    every = np.maximum(false + true, 1)
    together = false.sum() / max((false + true).sum(), 1)
    return false.mean(), (false / every).mean(), together, true.sum() / max(event.sum(), 1)


def _alarmed(found: Judged, made: Ints) -> NDArray[np.bool_]:
    """Series x nights: what night_alarm.sql says of them, each mention by an author of its own."""
    con = duckdb.connect()
    series, night = np.nonzero(np.isfinite(found.p))
    pick = series, night
    told = {
        "series": series,
        "mention_count": made[pick],
        "usual_count": found.usual[pick],
        "direction": np.where(found.up[pick], "up", "down").astype(object),
        "p": found.p[pick],
        "is_flagged": found.flagged[pick],
        "night": night,
    }
    con.register("told", told)
    con.execute(
        "create table night_test as select cast(series as varchar) as brand, '*' as source, mention_count, "
        "mention_count as author_count, usual_count, 0 as usual_low, 0 as usual_high, direction, p, is_flagged, "
        "false as is_restart, date '2026-01-05' + cast(night as integer) as night from told"
    )
    con.execute("create table tested_night as select distinct night from night_test")
    rows = con.execute(f"select brand, night from ({models.read()['night_alarm'].sql})").fetchall()
    con.close()
    alarmed = np.zeros(made.shape, bool)
    for brand, day in rows:
        alarmed[int(brand), (day - _FIRST).days] = True
    alarmed[:, :WINDOW] = False  # while the levels are learnt
    return alarmed
