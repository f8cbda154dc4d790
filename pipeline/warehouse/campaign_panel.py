"""What a campaign's effect is measured on: which brands are compared, on which nights, and their series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.warehouse.campaign_effect import Change, Floats

Rows = NDArray[np.int64]
Nights = NDArray[np.bool_]

SPAN = 56  # nights before the start, and after it at most: 8 of each weekday

# Below 5 mentions a night log(1 + mentions) is mostly chance, and 30 scored mentions are the least for a tone.
_LEAST_LEVEL, _LEAST_SCORED = 5, 30
# Brands of another size move otherwise: peers are at most five times as loud or as quiet, the 40 nearest of them.
_ALIKE, _MOST_PEERS = 5, 40
# A peer that missed more than a tenth of the nights would take those nights from all.
_COMPLETE = 0.9
# A week for a campaign that goes on; for a short one half of its nights, 3 at least.
_SOON, _LEAST_NIGHTS = 7, 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Units x nights from SPAN before the start on, the brand first; NaN where not complete."""

    mentions: Floats
    scored: Floats
    signs: Floats
    polar: Floats
    is_peer: Nights
    is_touched: Nights
    is_over: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The peers' rows, the nearest first; how many were lost to campaigns of their own; why there is no comparison."""

    peers: Rows
    lost: int
    reason: str | None


def panel(seen: Measured, measure: str) -> Panel:
    """Choose the brands to compare with: complete on the same nights and, for loudness, of about the same size."""
    none = np.array([], np.int64)
    known = ~np.isnan(seen.mentions)
    level = _level(seen.mentions)
    if reason := _unfit(seen, known[0], level[0], measure):
        return Panel(none, 0, reason)
    apart = np.abs(np.log(np.maximum(level, 1e-9) / max(level[0], 1e-9)))
    fit = (known & known[0]).sum(axis=1) >= _COMPLETE * known[0].sum()
    if measure == "net_sentiment":
        fit &= _scored_enough(seen, known[0])
    else:
        fit &= (apart <= np.log(_ALIKE)) & (level >= 1)
    fit[0] = False
    chosen = np.flatnonzero(fit & ~seen.is_touched)
    nearest = np.lexsort((chosen, apart[chosen], ~seen.is_peer[chosen]))
    chosen = chosen[nearest][:_MOST_PEERS]
    shared = known[np.append(0, chosen)].all(axis=0)
    return Panel(chosen, int((fit & seen.is_touched).sum()), _too_little(seen, shared))


def _level(mentions: Floats) -> Floats:
    """Mean mentions a night before the start; 0 where no night is complete."""
    before = mentions[:, :SPAN]
    nights = np.maximum((~np.isnan(before)).sum(axis=1), 1)
    level: Floats = np.nan_to_num(before).sum(axis=1) / nights
    return level


def _unfit(seen: Measured, own: Nights, level: float, measure: str) -> str | None:
    """Why the brand itself cannot be judged, whoever its peers are."""
    if seen.is_touched[0]:
        return "own_campaign"
    if reason := _too_little(seen, own):
        return reason
    enough = _scored_enough(seen, own)[0] if measure == "net_sentiment" else level >= _LEAST_LEVEL
    return None if enough else "few_mentions"


def _too_little(seen: Measured, nights: Nights) -> str | None:
    """Why these nights are too few: under half of those that have come, or under 3 of a weekday before."""
    come = int((~np.isnan(seen.mentions[:, SPAN:]).all(axis=0)).sum())
    if not seen.is_over and come < _SOON:
        return "too_soon"
    by_weekday = nights[:SPAN].reshape(8, 7).sum(axis=0)
    if nights[SPAN:].sum() < max(_LEAST_NIGHTS, come / 2) or by_weekday.min() < _LEAST_NIGHTS:
        return "incomplete_nights"
    return None


def _scored_enough(seen: Measured, nights: Nights) -> Nights:
    """Which brands have enough scored mentions in each half of the time before, and after."""
    kept = np.where(nights, np.nan_to_num(seen.scored), 0)
    half = SPAN // 2
    parts = (kept[:, :half], kept[:, half:SPAN], kept[:, SPAN:])
    least: Floats = np.min([part.sum(axis=1) for part in parts], axis=0)
    return least >= _LEAST_SCORED


def loudness(seen: Measured, rows: Rows) -> Change:
    """log(1 + mentions) of the nights complete for all, each less the mean of its weekday before."""
    mentions = seen.mentions[rows]
    nights: Nights = np.all(np.isfinite(mentions), axis=0)
    y = np.where(nights, np.log1p(np.nan_to_num(mentions)), 0)
    for weekday in range(7):
        same = np.arange(weekday, y.shape[1], 7)
        base = same[(same < SPAN) & nights[same]]
        y[:, same] -= y[:, base].mean(axis=1, keepdims=True)
    day = np.arange(y.shape[1])
    early, late = nights & (day < SPAN // 2), nights & (day >= SPAN // 2) & (day < SPAN)
    drifted = y[:, late].mean(axis=1) - y[:, early].mean(axis=1)
    return Change(y[:, early | late], y[:, nights & (day >= SPAN)].mean(axis=1), drifted)


def tone(seen: Measured, rows: Rows) -> Change:
    """Net sentiment over all mentions of the nights complete for all; week by week for what runs in parallel."""
    nights = ~np.isnan(seen.mentions[rows]).any(axis=0)
    scored, signs, polar = (np.where(nights, np.nan_to_num(m[rows]), 0) for m in (seen.scored, seen.signs, seen.polar))

    def mean(span: slice) -> tuple[Floats, Floats]:
        """Net sentiment and its variance; one mention of each tone more, so that neutral ones alone are uncertain."""
        n = np.maximum(scored[:, span].sum(axis=1), 1)
        net = signs[:, span].sum(axis=1) / n
        return net, ((polar[:, span].sum(axis=1) + 2) / (n + 3) - (net * n / (n + 3)) ** 2) / n

    half = SPAN // 2
    (old, old_error), (new, new_error) = mean(slice(0, SPAN)), mean(slice(SPAN, None))
    weeks = [slice(week, week + 7) for week in range(0, SPAN, 7)]
    # A week without a scored mention says nothing of the trend.
    weekly = np.stack([np.where(scored[:, w].sum(axis=1) > 0, mean(w)[0], old) for w in weeks], axis=1)
    drifted = mean(slice(half, SPAN))[0] - mean(slice(0, half))[0]
    return Change(weekly, new - old, drifted, np.sqrt(old_error + new_error))
