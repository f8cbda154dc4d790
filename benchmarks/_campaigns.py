"""What the campaign's comparison says of made-up brands whose campaign did a known thing, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.warehouse.campaign import judged
from pipeline.warehouse.campaign_panel import SPAN, Measured

_WEEK = np.array([1.1, 1.0, 1.0, 1.05, 1.2, 0.85, 0.8])


@dataclass(frozen=True, slots=True)
class Recovered:
    """Over all simulations: mean and spread of the effect found, share of intervals that held it, and of verdicts."""

    measure: str
    method: str
    peers: int
    planted: float
    mean: float
    spread: float
    held: float
    up: float
    down: float
    unknown: float


def world(rng: np.random.Generator, peers: int, loudness: float, tone: float, nights: int) -> Measured:
    """A brand and its peers over 8 weeks and a campaign of `nights`: a shared wandering level, own wandering, weekdays.

    `loudness` is the planted change of log mean, `tone` that of net sentiment.
    """
    rows, span = peers + 1, 2 * SPAN
    shared = np.cumsum(rng.normal(0, 0.03, span))
    own = np.zeros((rows, span))
    step = rng.normal(0, 0.15, (rows, span))
    for night in range(1, span):  # what happens to one brand lasts some nights
        own[:, night] = 0.3 * own[:, night - 1] + step[:, night]
    size = np.exp(rng.uniform(np.log(10), np.log(40), (rows, 1)))
    level = size * np.resize(_WEEK, span) * np.exp(shared - shared.mean() + own)
    level[0, SPAN:] *= np.exp(loudness)
    mentions = rng.negative_binomial(10, 10 / (10 + level)).astype(float)
    net = np.repeat(rng.normal(0.1, 0.1, (rows, 1)), span, axis=1)
    net[0, SPAN:] += tone
    positive = rng.binomial(mentions.astype(int), np.clip((0.4 + net) / 2, 0, 1))
    odds = np.clip((0.4 - net) / 2, 0, 1) / (1 - np.clip((0.4 + net) / 2, 0, 0.99))
    negative = rng.binomial(mentions.astype(int) - positive, np.clip(odds, 0, 1))
    mentions[:, SPAN + nights :] = np.nan
    none = np.zeros(rows, bool)
    signs, polar = (positive - negative).astype(float), (positive + negative).astype(float)
    return Measured(mentions, mentions, signs, polar, none, none, True)


def recovered(simulations: int, peers: int, loudness: float, tone: float, seed: int) -> Iterator[Recovered]:
    """What is found of a planted change, by measure and method."""
    rng = np.random.default_rng(seed)
    found: dict[tuple[str, str], list[tuple[object, ...]]] = defaultdict(list)
    for _ in range(simulations):
        for measure, method, *rest in judged(world(rng, peers, loudness, tone, 28)):
            found[str(measure), str(method)].append(tuple(rest))
    for (measure, method), rows in found.items():
        planted = loudness if measure == "log_mentions" else tone
        figures = np.array([row[3:6] for row in rows if row[4] is not None], float)
        held = (figures[:, 1] <= planted) & (planted <= figures[:, 2])
        verdicts = [row[0] for row in rows]
        up, down, unknown = (verdicts.count(v) / len(rows) for v in ("up", "down", "cannot_tell"))
        mean, spread = float(figures[:, 0].mean()), float(figures[:, 0].std())
        yield Recovered(measure, method, peers, planted, mean, spread, float(held.mean()), up, down, unknown)
