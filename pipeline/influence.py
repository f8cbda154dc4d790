"""Finds who carries a brand: a graph of who repeats, quotes and answers whom, on pseudonyms only.

Needs the extra `influence` (rustworkx, networkx). Authors are numbers here; names are given later, to institutions,
media and partners that a brand file registers, and to nobody else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import numpy as np

from pipeline.errors import ConfigError

# Share of steps that follow a tie rather than start anew (Brin and Page 1998).
DAMPING = 0.85
# Resamples of a rank: 5 lie outside each end of a 95 % interval.
DRAWS = 200
# Nobody is listed, and no community numbered, on fewer: a figure of so few describes persons.
LEAST_POSTS = 10
LEAST_AUTHORS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One post of a brand: its author, and the author whose post it repeats, quotes or answers (None: nobody's).

    `reposts` is how often the platform says that it was repeated; None is unknown.
    """

    author: int
    carried: int | None = None
    reposts: int | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """One author's place: `rank` by h-repost index, ties by personalised PageRank, with its 95 % bootstrap interval.

    `posts` are the author's own posts of the brand, `carriers` the distinct others who repeated, quoted or answered
    one; `community` is None in a group of fewer than five.
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
    rows = sorted(said, key=lambda s: (s.author, s.carried or 0, s.reposts or 0))
    pagerank, index = scores(rows)
    order = _order(pagerank, index)
    places = _drawn(rows, order, draws, np.random.default_rng(seed))
    groups = _communities(rows, seed)
    posts = Counter(one.author for one in rows)
    heard = _heard(rows)
    found = []
    for rank, author in enumerate(order, 1):
        others = {other for other, _ in heard[author]}
        if len(others) >= LEAST_AUTHORS and posts[author] + len(heard[author]) >= LEAST_POSTS:
            low, high = (int(q) for q in np.quantile(places[author], [0.025, 0.975], method="nearest"))
            found.append(
                Carrier(
                    author=author,
                    pagerank=round(pagerank[author], 9),
                    rank=rank,
                    rank_low=min(low, rank),
                    rank_high=max(high, rank),
                    h_repost=index.get(author, 0),
                    community=groups.get(author),
                    posts=posts[author],
                    carriers=len(others),
                )
            )
    return found


def scores(said: Sequence[Said]) -> tuple[dict[int, float], dict[int, int]]:
    """Personalised PageRank and h-repost index of every author of the graph.

    A tie goes from who repeats to who is repeated, so that standing flows to the source; steps start anew at the
    authors of the brand's posts, in proportion to their posts (Haveliwala 2002).
    """
    return _pagerank(said), {author: h_index(counts) for author, counts in _reposts(said).items()}


def h_index(counts: Iterable[int]) -> int:
    """The largest h such that h posts were reposted at least h times each (Hirsch 2005, on reposts)."""
    ordered = sorted(counts, reverse=True)
    return sum(count >= place for place, count in enumerate(ordered, 1))


def _order(pagerank: Mapping[int, float], index: Mapping[int, int]) -> list[int]:
    # Rounded, so that authors in the same place of the graph tie and their number decides, not the last bit.
    return sorted(pagerank, key=lambda a: (-index.get(a, 0), -round(pagerank[a], 9), a))


def _reposts(said: Sequence[Said]) -> dict[int, list[int]]:
    counts = defaultdict(list)
    for one in said:
        if one.reposts is not None:
            counts[one.author].append(one.reposts)
    return counts


def _heard(said: Sequence[Said]) -> dict[int, list[tuple[int, int]]]:
    """Author -> (other, place of the post) of each time another carried them; carrying oneself is no tie."""
    heard: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, one in enumerate(said):
        if one.carried is not None and one.carried != one.author:
            heard[one.carried].append((one.author, place))
    return heard


def _ties(said: Sequence[Said]) -> Counter[tuple[int, int]]:
    return Counter((s.author, s.carried) for s in said if s.carried is not None and s.carried != s.author)


def _pagerank(said: Sequence[Said]) -> dict[int, float]:
    rx = _rustworkx()
    ties, starts = _ties(said), Counter(one.author for one in said)
    authors = sorted({*starts, *(carried for _, carried in ties)})
    at = {author: place for place, author in enumerate(authors)}
    graph = rx.PyDiGraph()
    graph.add_nodes_from(authors)
    graph.add_edges_from([(at[a], at[b], float(weight)) for (a, b), weight in sorted(ties.items())])
    chosen = {at[author]: count / len(said) for author, count in starts.items()}
    # Who carries nobody passes on to where steps start.
    ranks = rx.pagerank(graph, DAMPING, float, personalization=chosen, dangling=chosen, tol=1e-10, max_iter=500)
    return {author: float(ranks[place]) for author, place in at.items()}


def _drawn(said: Sequence[Said], order: Sequence[int], draws: int, rng: np.random.Generator) -> dict[int, list[int]]:
    """Rank of each author in each resample of the posts (Efron 1979); last of all where the resample lacks them."""
    places: dict[int, list[int]] = {author: [] for author in order}
    for _ in range(draws):
        drawn = [said[i] for i in rng.integers(0, len(said), len(said))]
        ranks = {author: rank for rank, author in enumerate(_order(*scores(drawn)), 1)}
        for author, found in places.items():
            found.append(ranks.get(author, len(order)))
    return places


def _communities(said: Sequence[Said], seed: int) -> dict[int, int]:
    """Author -> number of their community (Louvain, Blondel et al. 2008), 1 the largest; small ones have none."""
    nx = _networkx()
    graph = nx.Graph()
    for (a, b), weight in sorted(_ties(said).items()):
        graph.add_edge(a, b, weight=weight + graph.get_edge_data(a, b, {"weight": 0})["weight"])
    groups = sorted(nx.community.louvain_communities(graph, seed=seed), key=lambda g: (-len(g), min(g)))
    return {author: n for n, group in enumerate(groups, 1) if len(group) >= LEAST_AUTHORS for author in group}


def _rustworkx() -> ModuleType:
    try:
        return import_module("rustworkx")
    except ImportError as error:
        raise ConfigError(_ABSENT) from error


def _networkx() -> ModuleType:
    try:
        return import_module("networkx")
    except ImportError as error:
        raise ConfigError(_ABSENT) from error


_ABSENT = "influence needs its graph libraries: pip install 'rayonner[influence]'"
