"""How often the 95 % intervals hold the truth: made-up authors and mentions, the metrics' own SQL, its least n lifted.

Truth is drawn anew for each simulation, so that no lucky value of it decides. An author's mentions are alike by `rho`:
0 as any two, 1 all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipeline.warehouse import models

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AUTHORS = (10, 30, 100, 1000)
# How many mentions an author writes, and how alike they are.
CROWDS = (
    ("one mention each", "one", 0.0),
    ("2.5 on average, as any two", "some", 0.0),
    ("2.5 on average, half alike", "some", 0.5),
    ("a few write most, as any two", "heavy", 0.0),
    ("a few write most, a little alike", "heavy", 0.3),
    ("a few write most, all the same", "heavy", 1.0),
)
_LEAST = "n >= 30 and authors >= 30"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the metric, the crowd, its authors, and the share of intervals that held the truth, by version."""

    metric: str
    crowd: str
    authors: int
    held: Mapping[int, float]


def intervals(simulations: int, seed: int) -> Iterator[Cell]:
    """Coverage of net_sentiment, share_negative and share_of_voice; a fifth of the simulations with 1,000 authors."""
    rng = np.random.default_rng(seed)
    con = duckdb.connect()
    for crowd, kind, rho in CROWDS:
        for authors in AUTHORS:
            size = simulations if authors < 1000 else max(simulations // 5, 50)
            yield from _tone(con, rng, (crowd, kind, rho), authors, size)
    for crowd, kind, rho in CROWDS:
        if rho in (0, 1) and not (kind == "heavy" and rho == 0):
            for authors in AUTHORS:
                yield _voice(con, rng, (crowd, kind), authors, simulations if authors < 1000 else simulations // 5)
    con.close()


def written(rng: np.random.Generator, kind: str, shape: tuple[int, ...]) -> Ints:
    """Mentions of each author: one, a geometric number of mean 2.5, or a Pareto one of tail 1.2 cut at 50."""
    if kind == "one":
        return np.ones(shape, np.int64)
    if kind == "some":
        return rng.geometric(0.4, shape)
    return np.clip(np.ceil(rng.pareto(1.2, shape)), 1, 50).astype(np.int64)


def _tone(
    con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: tuple[str, str, float], authors: int, size: int
) -> Iterator[Cell]:
    """Positive, neutral and negative mentions of one brand."""
    name, kind, rho = crowd
    polar = rng.uniform(0.2, 0.8, size)
    net = rng.uniform(-0.6, 0.6, size) * polar
    shares = np.stack([(polar + net) / 2, (polar - net) / 2, 1 - polar], axis=1)
    n = written(rng, kind, (size, authors))
    positive, negative = _opinions(rng, n, shares, rho)
    con.register("brand_period", _period(n, positive, negative))
    for metric, truth in (("net_sentiment", net), ("share_negative", shares[:, 1])):
        yield Cell(metric, name, authors, {v: _held(con, sql, truth) for v, sql in _versions(metric).items()})
    con.unregister("brand_period")


def _opinions(rng: np.random.Generator, n: Ints, shares: Floats, rho: float) -> tuple[Ints, Ints]:
    """Each author's positive and negative mentions: multinomial with shares of the author's own (Dirichlet)."""
    if rho == 0:
        own = np.broadcast_to(shares[:, None, :], (*n.shape, 3))
    elif rho == 1:
        own = np.eye(3)[(rng.random(n.shape)[:, :, None] > np.cumsum(shares, axis=1)[:, None, :2]).sum(axis=2)]
    else:
        strength = (1 - rho) / rho
        own = rng.gamma(np.broadcast_to(shares[:, None, :] * strength, (*n.shape, 3))) + 1e-12
        own = own / own.sum(axis=2, keepdims=True)
    positive = rng.binomial(n, own[..., 0])
    left = np.clip(own[..., 1] / np.maximum(1 - own[..., 0], 1e-12), 0, 1)
    return positive, rng.binomial(n - positive, left)


def _period(n: Ints, positive: Ints, negative: Ints) -> dict[str, NDArray[np.generic]]:
    """The sums that brand_period holds, as agg_author.sql computes them; a row per simulation."""
    sign, polar = positive - negative, positive + negative
    rows = len(n)
    return {
        "brand": np.arange(rows),
        **{name: np.zeros(rows) for name in ("dimension", "part", "grain", "period", "coverage")},
        "scored_count": n.sum(axis=1),
        "scored_author_count": np.full(rows, n.shape[1]),
        "positive_count": positive.sum(axis=1),
        "negative_count": negative.sum(axis=1),
        "count_square": (n * n).sum(axis=1),
        "sign_square": (sign * sign).sum(axis=1),
        "sign_count": (sign * n).sum(axis=1),
        "sign_within": np.rint(1e6 * (polar - sign * sign / n)).sum(axis=1),
        "negative_within": np.rint(1e6 * (negative - negative * negative / n)).sum(axis=1),
    }


def _versions(metric: str) -> dict[int, str]:
    """Version -> SQL that gives every interval, however few the mentions."""
    found = [m for m in models.read().values() if m.layer == "metrics" and m.metric == metric]
    return {int(m.header["version"]): m.sql.replace(_LEAST, "true").replace("n >= 10", "true") for m in found}


def _held(con: duckdb.DuckDBPyConnection, sql: str, truth: Floats) -> float:
    row = con.execute(f"select brand, low, high from ({sql}) order by brand").fetchnumpy()
    which = row["brand"].astype(int)
    return float(((row["low"] <= truth[which]) & (truth[which] <= row["high"])).mean())


def _voice(
    con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: tuple[str, str], authors: int, size: int
) -> Cell:
    """A brand and its peers, each talked about by a chance number of authors."""
    name, kind = crowd
    truth = rng.uniform(0.05, 0.6, size)
    own, others = rng.poisson(authors * truth), rng.poisson(authors * (1 - truth))
    sums = np.array(
        [
            (mine.sum(), mine.sum() + rest.sum(), (mine * mine).sum() + (rest * rest).sum())
            for mine, rest in (
                (written(rng, kind, (a,)), written(rng, kind, (b,))) for a, b in zip(own, others, strict=True)
            )
        ]
    )
    said = sums[:, 1] > 0
    mine, every, square = sums[said].T
    ones = np.ones(len(mine), np.int64)
    brand = np.arange(len(mine)).astype(str).astype(object)
    peers = {"brand": brand, "peer": brand, "grain": np.full(len(mine), "week", object), "period": ones}
    counts = {"mention_count": mine, "set_count": every, "night_count": ones, "complete_count": ones}
    con.register("agg_peer", {**peers, **counts, "design_effect": square / every})
    con.execute(f"create or replace temp view peer_share as {models.read()['peer_share'].sql}")
    held = {v: _held(con, sql, truth[said]) for v, sql in _versions("share_of_voice").items()}
    con.execute("drop view peer_share")
    con.unregister("agg_peer")
    return Cell("share_of_voice", name, authors, held)
