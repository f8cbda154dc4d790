"""How often the published 95 % intervals hold the truth: made-up authors and mentions, the shipped SQL, least n lifted.

Truth is drawn anew for each simulation, so that no lucky value of it decides. A simulation is one brand of the SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import duckdb
import numpy as np

from benchmarks import _changes, _crowds, _opinions
from benchmarks._crowds import CROWDS, Crowd
from benchmarks._held import Cell, derive, fill, shares

AUTHORS = (10, 30, 100, 1000)
TONES = ("net_sentiment", "net_sentiment_tone", "share_negative")
PEERS = 10  # a peer set, itself included
PLACE = _changes.PLACE
# What low and high of these say is a formula's range: nothing in it is chance.
BOUNDS = ("reach", "reach_net")

Cells = Iterator[Cell]
Given = tuple[duckdb.DuckDBPyConnection, np.random.Generator, Crowd, int, int]


def intervals(simulations: int, seed: int) -> Cells:
    """Coverage of every published interval that speaks of chance; a fifth of the simulations with 1,000 authors."""
    con = duckdb.connect()
    families: tuple[Callable[..., Cells], ...] = (
        _tone,
        _voice,
        _opinions.opinion,
        _opinions.corrected,
        _place,
        _again,
    )
    for family, cells in enumerate(families):
        for number, crowd in enumerate(CROWDS):
            for authors in AUTHORS:
                size = simulations if authors < 1000 else max(simulations // 5, 50)
                # Each family of figures has its own chance, so that one more leaves the others as they are.
                yield from cells(con, np.random.default_rng([seed, family, number, authors]), crowd, authors, size)
    con.close()


def _tone(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: Crowd, authors: int, size: int) -> Cells:
    """Positive, neutral and negative mentions of one brand: the figures, their changes and the places among peers."""
    shares_of = _crowds.tones(rng, size)
    n = _crowds.written(rng, crowd.kind, (size, authors))
    sums = _crowds.sums(n, *_crowds.opinions(rng, n, shares_of, crowd.rho))
    toned = {f"tone_{k}": v for k, v in sums.items()} | {
        "tone_author_count": sums["scored_author_count"],
        "tone_within": sums["sign_within"],
    }
    fill(con, "brand_period", size, {**sums, **toned}, dimension="all", part="", grain="week", period=0, coverage=1)
    net, negative = shares_of[:, 0] - shares_of[:, 1], shares_of[:, 1]
    for metric, truth in zip(TONES, (net, net, negative), strict=True):
        yield Cell(metric, crowd.name, authors, shares(con, metric, truth))
    for metric, truth in (("net_sentiment", net), ("share_negative", negative)):
        yield _changes.change(con, metric, truth, crowd, authors)
        yield _changes.place(con, metric, truth, crowd, authors, PEERS)


def _again(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: Crowd, authors: int, size: int) -> Cells:
    """Two weeks of the same authors, each leaning as before: whatever moves is chance."""
    half = size // 2
    tone = _crowds.tones(rng, half)
    own = np.tile(_crowds.leanings(rng, (half, authors), tone, crowd.rho), (2, 1, 1))
    n = _crowds.written(rng, crowd.kind, (2 * half, authors))
    sums = _crowds.sums(n, *_crowds.told(rng, n, own))
    fill(con, "brand_period", 2 * half, {**sums}, dimension="all", part="", grain="week", period=0, coverage=1)
    still = np.tile(tone[:, 0] - tone[:, 1], 2)
    cell = _changes.change(con, "net_sentiment", still, crowd, authors)
    yield replace(cell, figure="change of net_sentiment, the same authors in both weeks")


def _voice(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: Crowd, authors: int, size: int) -> Cells:
    """A brand and its peers, each talked about by a chance number of authors; how alike these write plays no part."""
    if crowd.rho not in (0, 1) or (crowd.kind == "heavy" and crowd.rho == 0):
        return
    truth = rng.uniform(0.05, 0.6, size)
    own, others = rng.poisson(authors * truth), rng.poisson(authors * (1 - truth))
    pairs = zip(own, others, strict=True)
    wrote = ((_crowds.written(rng, crowd.kind, (a,)), _crowds.written(rng, crowd.kind, (b,))) for a, b in pairs)
    counted = [(a.sum(), a.sum() + b.sum(), (a * a).sum() + (b * b).sum()) for a, b in wrote]
    mine, every, square = np.array(counted).T
    said = every > 0
    counts = {"peer": np.arange(said.sum()), "mention_count": mine[said], "set_count": every[said]}
    counts["design_effect"] = square[said] / every[said]
    fill(con, "agg_peer", int(said.sum()), counts, grain="week", period=1, night_count=1, complete_count=1)
    # By source the same sums are divided in the same way: no rows of it.
    con.execute("create or replace temp table agg_peer_source as select *, '' as source from agg_peer limit 0")
    derive(con, "peer_share", "peer_source_share")
    yield Cell("share_of_voice", crowd.name, authors, shares(con, "share_of_voice", truth[said]))
    yield _changes.change(con, "share_of_voice", truth[said], crowd, authors)


def _place(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, crowd: Crowd, authors: int, size: int) -> Cells:
    """What is said of one theme in sets of peers, each set with a tone of its own, and how many speak of it."""
    net = np.clip(np.repeat(rng.uniform(-0.3, 0.3, size // PEERS), PEERS) + rng.normal(0, 0.15, size), -0.6, 0.6)
    polar, spoken = np.abs(net) + rng.uniform(0.1, 0.4, size), rng.uniform(0.02, 0.5, size)
    n = _crowds.written(rng, crowd.kind, (size, authors))
    said = np.stack([(polar + net) / 2, (polar - net) / 2, 1 - polar], axis=1)
    sums = _crowds.sums(n, *_crowds.opinions(rng, n, said, crowd.rho))
    same: dict[str, object] = {"grain": "month", "period": 0}
    tag: dict[str, object] = {"tag_kind": "theme", "tag": "nature"}
    fill(con, "known_period", size, dimension="all", is_known=True, coverage=1, **same)
    fill(
        con,
        "agg_dimension",
        0,
        dict.fromkeys((*sums, "author_count"), np.zeros(0)),
        model="",
        dimension_name="",
        **same,
    )
    fill(con, "agg_tag", size, sums | {"author_count": sums["scored_author_count"]}, **tag, **same)
    _changes.peers(con, size, PEERS)
    fill(con, "touched_period", 1, **same)
    derive(con, "place_score", "place_peer")
    yield Cell("tag_net_sentiment", crowd.name, authors, shares(con, "tag_net_sentiment", net))
    yield Cell("image_score", crowd.name, authors, shares(con, "image_score", 50 * (net + 1)))
    tagged = _crowds.tagged(n, _crowds.yes(rng, n, spoken, crowd.rho))
    fill(con, "agg_tag", size, tagged, **tag, **same)
    fill(con, "read", size, tagged | {"mention_count": tagged["looked_at"]}, tag_kind="read", tag="", **same)
    con.execute("insert into agg_tag by name from read")
    yield Cell("tag_share", crowd.name, authors, shares(con, "tag_share", spoken))
