"""Coverage of the figures that rest on agg_opinion and agg_corrected, by these models' own SQL."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np

from benchmarks import _crowds
from benchmarks._crowds import Columns, Crowd, Floats, Ints
from benchmarks._held import Cell, derive, fill, shares
from pipeline.warehouse import seeds

# The scorer whose known confusions are planted: the one that runs where nothing else is chosen.
SCORER = "toward-fast/7"
LABELS = ("negative", "neutral", "positive")


def opinion(
    con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: Crowd, authors: int, size: int
) -> Iterator[Cell]:
    """Mentions that carry the brand, that take sides, and that are weighed by reach, on which sides do not hang."""
    n = _crowds.written(rng, crowd.kind, (size, authors))
    adopted, turned = rng.uniform(0.02, 0.5, (2, size))
    net, tone = rng.uniform(-0.9, 0.9, size), _crowds.tones(rng, size)
    positive, negative = _crowds.opinions(rng, n, tone, crowd.rho)
    # Reach of one mention: log-normal, median 50, one in forty above 2,500.
    w = np.floor(1000 * np.log1p(rng.lognormal(np.log(50), 2, n.shape)) + 0.5).astype(np.int64)
    said = {
        "cluster_author": np.broadcast_to(np.arange(authors), n.shape),
        **dict.fromkeys(("n", "polar", "named_scored", "weighed"), n),
        "named": _crowds.yes(rng, n, adopted, crowd.rho),
        "named_negative": _crowds.yes(rng, n, turned, crowd.rho),
        "sign": 2 * _crowds.yes(rng, n, (1 + net) / 2, crowd.rho) - n,
        "w": n * w,
        "ws": (positive - negative) * w,
    }
    rows: Columns = {"brand": np.repeat(np.arange(size), authors), **{k: v.ravel() for k, v in said.items()}}
    fill(con, "opinion_author", n.size, rows, grain="week", period=0)
    derive(con, "agg_opinion")
    _known(con, size)
    truths = {"slogan_adoption": adopted, "slogan_detournement": turned, "net_sentiment_polar": net}
    for metric, truth in (truths | {"net_sentiment_weighted": tone[:, 0] - tone[:, 1]}).items():
        yield Cell(metric, crowd.name, authors, shares(con, metric, truth))


def corrected(
    con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: Crowd, authors: int, size: int
) -> Iterator[Cell]:
    """Mentions whose tone a scorer confuses as it is known to, as many labelled ones drawn anew each time.

    A fifth of the simulations: each has a scorer of its own, and its mentions are rows.
    """
    size = max(size // 5, 50)
    tone = _crowds.tones(rng, size)
    n = _crowds.written(rng, crowd.kind, (size, authors))
    positive, negative = _crowds.opinions(rng, n, tone, crowd.rho)
    table = confusion()
    rows = table / table.sum(axis=1, keepdims=True)
    _learn(con, np.stack([rng.multinomial(int(table[t].sum()), rows[t], size) for t in range(3)], axis=1))
    truths = np.stack([negative, n - positive - negative, positive], axis=2)
    told = np.sum([rng.multinomial(truths[..., t], rows[t]) for t in range(3)], axis=0)
    _mentions(con, told.reshape(-1, 3), authors)
    derive(con, "dim_scorer", "agg_corrected")
    _known(con, size)
    metric = "net_sentiment_corrected"
    yield Cell(metric, crowd.name, authors, shares(con, metric, tone[:, 0] - tone[:, 1]))


def confusion() -> Floats:
    """Labelled mentions by their truth (rows) and the scorer's answer (columns): negative, neutral, positive."""
    found = [r for r in seeds.figures()["confusion"] if r["scorer"] == SCORER]
    table = {(str(r["truth"]), str(r["told"])): float(str(r["answer_count"])) for r in found}
    return np.array([[table[truth, told] for told in LABELS] for truth in LABELS])


def _learn(con: duckdb.DuckDBPyConnection, counts: Ints) -> None:
    """Simulations x truths x answers, as raw.confusion holds them."""
    size = len(counts)
    con.execute("create schema if not exists raw")
    columns: Columns = {
        "brand": np.repeat(np.arange(size), 9),
        "truth": np.tile(np.repeat(np.array(LABELS, object), 3), size),
        "told": np.tile(np.array(LABELS, object), 3 * size),
        "answer_count": counts.ravel(),
    }
    fill(con, "confused", 9 * size, columns, lang="fr")
    con.execute("create or replace table raw.confusion as select 's' || brand as scorer, * from confused")


def _mentions(con: duckdb.DuckDBPyConnection, told: Ints, authors: int) -> None:
    """A mention a row, from the answers (negative, neutral, positive) that each author's mentions were given."""
    author = np.repeat(np.arange(len(told)), told.sum(axis=1))
    columns: Columns = {
        "brand": author // authors,
        "author_number": author,
        "image_sign": np.repeat(np.tile([-1, 0, 1], len(told)), told.ravel()),
    }
    con.register("given", columns)
    con.execute(
        "create or replace temp table fct_mention as select *, author_number as post_number, 't+s' || brand as scorer, "
        "'fr' as lang, 1 as night, true as is_night_complete, 'earned' as ownership from given"
    )
    con.unregister("given")
    con.execute("create or replace temp table bridge_period as select 'week' as grain, 0 as period, 1 as night")
    con.execute("create or replace temp table touched_period as select 'week' as grain, 0 as period")


def _known(con: duckdb.DuckDBPyConnection, size: int) -> None:
    fill(con, "known_period", size, dimension="all", part="", grain="week", period=0, coverage=1, is_known=True)
