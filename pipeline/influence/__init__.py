"""Finds who carries a brand: a graph of who repeats, quotes, answers and addresses whom, on pseudonyms only.

Needs the extra `influence` (rustworkx, networkx). Authors are numbers here; names are given later, to institutions,
media and partners that a brand file registers, and to nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.influence import places
from pipeline.influence.graph import LEAST_AUTHORS, Said, communities, h_index, heard_by, in_order, scores

__all__ = ["DRAWS", "Carrier", "Said", "carriers", "h_index", "scores"]

# Resamples of the ranks: 5 of them lie outside each end.
DRAWS = 200
# Nobody is listed on fewer: a figure of so few describes persons.
LEAST_POSTS = 10


@dataclass(frozen=True, slots=True)
class Carrier:
    """One author's place: `rank` by h-repost index, where equal by personalised PageRank.

    `rank_low` is the first place not surely another's, `rank_high` the last that is not: an author is surely ahead of
    another who is in 97.5 % of the resamples. `posts` are the author's own posts of the brand, `carriers` the distinct
    others whose posts are tied to the author; `community` is None in a group of fewer than five.
    """

    author: int
    pagerank: float
    rank: int
    rank_low: int
    rank_high: int
    h_repost: int
    community: int | None
    posts: int
    carriers: int


def carriers(said: Sequence[Said], *, draws: int = DRAWS, seed: int = 0) -> list[Carrier]:
    """Who carries a brand, by rank; empty below ten posts or five authors. The same posts give the same answer.

    An author is listed whom at least five others carried and who has ten posts and carryings together. Raises
    ConfigError when the graph library is not installed.
    """
    if len(said) < LEAST_POSTS or len({one.author for one in said}) < LEAST_AUTHORS:
        return []
    rows = sorted(said, key=lambda s: (s.author, s.carried, s.reposts or 0))
    pagerank, index = scores(rows)
    order = in_order(pagerank, index)
    drawn = places.drawn(rows, order, draws, np.random.default_rng(seed))
    groups = communities(rows, seed)
    posts = Counter(one.author for one in rows)
    heard = heard_by(rows)
    found = []
    for rank, author in enumerate(order, 1):
        others = set(heard[author])
        if len(others) >= LEAST_AUTHORS and posts[author] + len(heard[author]) >= LEAST_POSTS:
            low, high = places.between(drawn, rank - 1)
            found.append(
                Carrier(
                    author=author,
                    pagerank=round(pagerank[author], 9),
                    rank=rank,
                    rank_low=low,
                    rank_high=high,
                    h_repost=index.get(author, 0),
                    community=groups.get(author),
                    posts=posts[author],
                    carriers=len(others),
                )
            )
    return found
