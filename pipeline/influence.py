"""Finds who carries a brand: a graph of who repeats, quotes, answers and addresses whom, on pseudonyms only.

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
from numpy.typing import NDArray

from pipeline.errors import ConfigError

# Resamples x authors.
Places = NDArray[np.int32]

# Share of steps that follow a tie rather than start anew (Brin and Page 1998).
DAMPING = 0.85
# Resamples of the ranks; who is ahead in 195 of them is surely ahead: 2.5 % are left on either side.
DRAWS = 200
SURE = 0.975
# Nobody is listed, and no community numbered, on fewer: a figure of so few describes persons.
LEAST_POSTS = 10
LEAST_AUTHORS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One post of a brand: its author, and those it is tied to: whom it repeats, quotes, answers or addresses.

    `reposts` is how often the platform says that it was repeated; None is unknown.
    """

    author: int
    carried: tuple[int, ...] = ()
    reposts: int | None = None


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
    order = _order(pagerank, index)
    places = _places(rows, order, draws, np.random.default_rng(seed))
    groups = _communities(rows, seed)
    posts = Counter(one.author for one in rows)
    heard = _heard(rows)
    found = []
    for rank, author in enumerate(order, 1):
        others = set(heard[author])
        if len(others) >= LEAST_AUTHORS and posts[author] + len(heard[author]) >= LEAST_POSTS:
            low, high = _between(places, rank - 1)
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


def scores(said: Sequence[Said]) -> tuple[dict[int, float], dict[int, int]]:
    """Personalised PageRank and h-repost index of every author of the graph.

    A tie goes from who repeats to who is repeated, so that standing flows to the source; steps start anew at the
    authors of the brand's posts, in proportion to their posts (Haveliwala 2002).
    """
    starts = Counter(one.author for one in said)
    return _pagerank(_ties(said), starts), {author: h_index(counts) for author, counts in _reposts(said).items()}


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


def _heard(said: Sequence[Said]) -> dict[int, list[int]]:
    """Author -> the author of each post tied to them; a tie to oneself is none."""
    heard: dict[int, list[int]] = defaultdict(list)
    for one in said:
        for carried in set(one.carried) - {one.author}:
            heard[carried].append(one.author)
    return heard


def _ties(said: Sequence[Said]) -> Counter[tuple[int, int]]:
    return Counter((one.author, carried) for one in said for carried in set(one.carried) - {one.author})


def _pagerank(ties: Mapping[tuple[int, int], int], starts: Mapping[int, int]) -> dict[int, float]:
    rx = _rustworkx()
    authors = sorted({*starts, *(carried for _, carried in ties)})
    at = {author: place for place, author in enumerate(authors)}
    graph = rx.PyDiGraph()
    graph.add_nodes_from(authors)
    graph.add_edges_from([(at[a], at[b], float(weight)) for (a, b), weight in sorted(ties.items())])
    total = sum(starts.values())
    chosen = {at[author]: count / total for author, count in starts.items()}
    # Who carries nobody passes on to where steps start.
    ranks = rx.pagerank(graph, DAMPING, float, personalization=chosen, dangling=chosen, tol=1e-10, max_iter=500)
    return {author: float(ranks[place]) for author, place in at.items()}


def _places(said: Sequence[Said], order: Sequence[int], draws: int, rng: np.random.Generator) -> Places:
    """How many of `order` are strictly ahead of each of them, in each resample: draws x authors.

    Authors are drawn anew with all their posts as those who carry, since one author's posts go together; of each
    author's own posts, those that the index counts are drawn anew (two-stage bootstrap, Davison and Hinkley 1997).
    """
    ties, posts, counts = _ties(said), Counter(one.author for one in said), _reposts(said)
    speakers = sorted(posts)
    told = {at: np.array(counts[a]) for at, a in enumerate(order) if max(counts.get(a, [0])) > 0}
    places = np.empty((draws, len(order)), np.int32)
    for draw in range(draws):
        times = dict(zip(speakers, _times(len(speakers), rng), strict=True))
        ranks = _pagerank(
            {(a, b): n * times[a] for (a, b), n in ties.items() if times[a]},
            {a: n * times[a] for a, n in posts.items() if times[a]},
        )
        index = np.zeros(len(order), np.int64)
        for at, reposts in told.items():
            index[at] = h_index(rng.choice(reposts, len(reposts)))
        places[draw] = _ahead(index, np.array([round(ranks.get(author, 0.0), 9) for author in order]))
    return places


def _times(size: int, rng: np.random.Generator) -> list[int]:
    """How often each of `size` is drawn when as many are, with putting back."""
    return np.bincount(rng.integers(0, size, size), minlength=size).tolist()  # type: ignore[no-any-return]


def _ahead(index: NDArray[np.int64], pagerank: NDArray[np.float64]) -> NDArray[np.intp]:
    """How many are strictly ahead of each, by index, where equal by PageRank; equal authors have equally many."""
    best = np.lexsort((-pagerank, -index))
    new = np.r_[True, (np.diff(index[best]) != 0) | (np.diff(pagerank[best]) != 0)]
    ahead = np.empty(len(best), np.intp)
    ahead[best] = np.maximum.accumulate(np.where(new, np.arange(len(best)), 0))
    return ahead


def _between(places: Places, at: int) -> tuple[int, int]:
    """First and last place that the author in column `at` may have: the surely better and the surely worse left out."""
    own = places[:, [at]]
    better, worse = (places < own).mean(axis=0) >= SURE, (places > own).mean(axis=0) >= SURE
    return 1 + int(better.sum()), places.shape[1] - int(worse.sum())


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
