"""The usual level of each night and how rare its count is: one negative binomial per brand, source and weekday.

Method and constants: facts measured for this project (docs/method.md), the family of the outbreak detection of England
and Wales (Noufaily et al. 2013, Statistics in Medicine 32).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.warehouse import anomaly_tail as tail

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOW = 56  # nights before, 8 of each weekday
LEVEL = 0.00135  # one night in 740 by chance: what three standard deviations promise on a bell curve
FLOOR = 0.5  # a mean of 8 nights cannot tell 0 from less than this
LEAST_NIGHTS = 4  # of the same weekday: a mean over fewer moves more than what it is compared with
LEAST_FREEDOM = 21  # degrees for the dispersion: four whole weeks less their seven means
RESTART, SPAN = 7, 14  # so many flagged nights among so many are a new level, not events
LEAST_SURE = 3  # degrees of freedom, below which Student's tail has no variance
NEVER = -(10**6)


@dataclass(frozen=True, slots=True)
class Judged:
    """Series x nights. `usual` and `p` are NaN where unknown; `factor` is variance / mean, known with `freedom`."""

    usual: Floats
    factor: Floats
    freedom: Floats
    p: Floats
    up: Flags
    flagged: Flags
    restarted: Flags


def judge(counts: Ints, flagged: Flags, restarted: Flags, start: int) -> Judged:
    """Judge the nights from column `start` on, one after the other: a flagged night is left out of later levels.

    `counts` is series x nights, -1 where not complete, and reaches WINDOW nights before `start`; the flags of those are
    given. After RESTART flagged nights among SPAN the level is learnt anew from those SPAN nights on.
    """
    series, nights = counts.shape
    shape = (series, nights - start)
    usual, factor, freedom, p = (np.full(shape, np.nan) for _ in range(4))
    up = np.zeros(shape, bool)
    flagged, restarted = flagged.copy(), restarted.copy()
    columns = np.arange(nights)
    since = np.where(restarted[:, :start], columns[:start], NEVER).max(axis=1, initial=NEVER)
    for t in range(start, nights):
        now = counts[:, t]
        left_out = flagged[:, t - WINDOW : t] & (columns[t - WINDOW : t] > since[:, None])
        used = (counts[:, t - WINDOW : t] >= 0) & ~left_out & (columns[t - WINDOW : t] > (since - SPAN)[:, None])
        mean, spread, sure, known, spoken = _level(counts[:, t - WINDOW : t], used)
        known &= now >= 0
        for of_all, of_night in ((usual, mean), (factor, spread), (freedom, sure)):
            of_all[known, t - start] = of_night[known]
        tested = np.flatnonzero(known & (spoken | (now > 0)))
        up[:, t - start] = now >= mean
        rarity = _rarity(now[tested].astype(float), mean[tested], spread[tested])
        p[tested, t - start] = tail.fair(rarity, sure[tested])
        flagged[:, t] = p[:, t - start] <= LEVEL
        recent = flagged[:, t - SPAN + 1 : t + 1] & (columns[t - SPAN + 1 : t + 1] > since[:, None])
        restarted[:, t] = flagged[:, t] & (recent.sum(axis=1) >= RESTART)
        since = np.where(restarted[:, t], t, since)
    return Judged(usual, factor, freedom, p, up, flagged[:, start:], restarted[:, start:])


def _level(window: Ints, used: Flags) -> tuple[Floats, Floats, Floats, Flags, Flags]:
    """Of the next night: its mean, variance / mean of a new count beside it, how surely, whether known, ever spoken of.

    mean: of the same weekday. dispersion: sum over the window of (y - mean of its weekday)^2 / that mean, over the
    nights less the weekdays, at least 1 (Poisson). Its degrees of freedom are those nights less the weekdays, fewer
    where counts have a long tail (excess kurtosis 6 / size + 1 / variance): one loud night makes most of it then.
    """
    by_weekday = (len(window), WINDOW // 7, 7)  # the night's own weekday comes first
    y = np.where(used, window, 0).reshape(by_weekday)
    n = used.reshape(by_weekday).sum(axis=1)
    total, square = y.sum(axis=1), (y * y).sum(axis=1)
    mean = np.maximum(total / np.maximum(n, 1), FLOOR)
    apart = (square - 2 * mean * total + n * mean * mean) / mean
    chi = apart[:, 0]
    for weekday in range(1, 7):  # in this order whatever the batch: sums of fractions depend on it
        chi = chi + apart[:, weekday]
    freedom = n.sum(axis=1) - (n > 0).sum(axis=1)
    dispersion = np.maximum(chi / np.maximum(freedom, 1), 1)
    known = (n[:, 0] >= LEAST_NIGHTS) & (freedom >= LEAST_FREEDOM)
    tailed = 6 * (dispersion - 1) / mean[:, 0] + 1 / (mean[:, 0] * dispersion)
    sure = np.maximum(freedom / (1 + tailed / 2), LEAST_SURE)
    return mean[:, 0], dispersion * (1 + 1 / np.maximum(n[:, 0], 1)), sure, known, total.sum(axis=1) > 0


def _rarity(count: Floats, mean: Floats, factor: Floats) -> Floats:
    """How rare a count this far from the mean is, on its own side."""
    p = np.empty(len(count))
    above = count >= mean
    p[above] = tail.at_least(count[above], mean[above], factor[above])
    p[~above] = tail.at_most(count[~above], mean[~above], factor[~above])
    return p
