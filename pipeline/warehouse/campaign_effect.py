"""What a campaign moved: one brand against its peers, and each peer against the others as if it had had the campaign.

Difference-in-differences and a synthetic control, both judged by placebo (Abadie, Diamond and Hainmueller 2010): with
one brand treated and few peers, ordinary standard errors are unreliable (Ferman 2025, arXiv 2504.19841).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# p = rank / (peers + 1): 19 peers can show one in twenty, fewer cannot.
LEAST_PEERS, LEVEL = 19, 0.05
# Steps of the projected gradient: 300 leave an effect within a fiftieth of its error of where it would settle.
_STEPS = 300


@dataclass(frozen=True, slots=True)
class Change:
    """What is compared, a row per brand, the one with the campaign first.

    `before`: the series that should run in parallel before the start; `moved`: after less before; `drifted`: the second
    half of before less the first; `noise`: the standard error of `moved`, or None to take it from the series.
    """

    before: Floats
    moved: Floats
    drifted: Floats
    noise: Floats | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The brand's move beyond its peers' in the measure's unit; `low`, `high` are None under 19 peers."""

    effect: float
    low: float | None
    high: float | None
    p: float
    drift_p: float


def difference(change: Change) -> Effect:
    """Against the plain mean of the peers. Needs two peers."""
    size = len(change.moved)
    # Each peer, too, is held against the others, never against the brand that had the campaign.
    weights = np.full((size, size), 1.0)
    np.fill_diagonal(weights, 0)
    weights[1:, 0] = 0
    return _judged(change, weights / weights.sum(axis=1, keepdims=True))


def synthetic(change: Change) -> Effect:
    """Against the mix of peers, none of it negative, that ran most like it before. Needs two peers."""
    return _judged(change, mixed(change.before))


def _judged(change: Change, weights: Floats) -> Effect:
    effects = change.moved - weights @ change.moved
    drifts = change.drifted - weights @ change.drifted
    if change.noise is None:
        gaps = change.before - weights @ change.before
        scale = np.sqrt((gaps * gaps).mean(axis=1))
    else:
        scale = np.sqrt(change.noise**2 + weights**2 @ change.noise**2)
    # Brands differ in how much they move by chance: a small one moves more. Ranked bare, it would look moved.
    scale = np.maximum(scale, 1e-9)
    scores = np.abs(effects / scale)
    peers = len(scores) - 1
    low = high = None
    if peers >= LEAST_PEERS:
        rank = int(np.ceil((1 - LEVEL) * (peers + 1) - 1e-9))
        half = float(np.sort(scores[1:])[rank - 1] * scale[0])
        low, high = float(effects[0]) - half, float(effects[0]) + half
    return Effect(float(effects[0]), low, high, _placebo(scores), _placebo(np.abs(drifts / scale)))


def _placebo(scores: Floats) -> float:
    """The share of brands, itself included, that moved at least as much as the first."""
    return float(1 + (scores[1:] >= scores[0]).sum()) / len(scores)


def mixed(before: Floats) -> Floats:
    """For each row the weights of the others that come nearest to it; each row of weights is positive and sums to 1.

    The brand with the campaign, row 0, is in nobody's mix. Series are taken less their means (Ferman and Pinto 2021):
    a brand may be louder than all of its peers.
    """
    series = before - before.mean(axis=1, keepdims=True)
    size = len(series)
    inner = series @ series.T
    allowed = ~np.eye(size, dtype=bool)
    allowed[1:, 0] = False
    # A ridge of one brand's noise keeps the mix from fitting chance with fifty peers on 56 nights.
    ridge = np.trace(inner) / size / size
    step = 1 / (np.linalg.eigvalsh(inner)[-1] + ridge)
    weights: Floats = allowed / allowed.sum(axis=1, keepdims=True)
    for _ in range(_STEPS):
        weights = _simplex(weights - step * (weights @ inner - inner + ridge * weights), allowed)
    return weights


def _simplex(points: Floats, allowed: NDArray[np.bool_]) -> Floats:
    """The nearest weights that are positive, sum to 1 and are 0 where not allowed (Duchi et al. 2008)."""
    points = np.where(allowed, points, -np.inf)
    ordered = -np.sort(-points, axis=1)
    finite = np.where(np.isfinite(ordered), ordered, 0)
    count = np.arange(1, points.shape[1] + 1)
    bar = (np.cumsum(finite, axis=1) - 1) / count
    last = (np.isfinite(ordered) & (ordered > bar)).sum(axis=1)
    nearest: Floats = np.maximum(points - bar[np.arange(len(points)), last - 1][:, None], 0)
    return nearest
