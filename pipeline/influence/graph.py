"""The graph of a brand: who is tied to whom, standing in it, and the groups it falls into."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from pipeline.errors import ConfigError

# Share of steps that follow a tie rather than start anew (Brin and Page 1998).
DAMPING = 0.85
# No community is numbered, and nobody is listed, on fewer: a figure of so few describes persons.
LEAST_AUTHORS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One post of a brand: its author, and those it is tied to: whom it repeats, quotes, answers or addresses.

    `reposts` is how often the platform says that it was repeated; None is unknown.
    """

    author: int
    carried: tuple[int, ...] = ()
    reposts: int | None = None


def scores(said: Sequence[Said]) -> tuple[dict[int, float], dict[int, int]]:
    """Personalised PageRank and h-repost index of every author of the graph.

    A tie goes from who repeats to who is repeated, so that standing flows to the source; steps start anew at the
    authors of the brand's posts, in proportion to their posts (Haveliwala 2002).
    """
    starts = Counter(one.author for one in said)
    return pagerank(ties_of(said), starts), {author: h_index(counts) for author, counts in reposts_of(said).items()}


def h_index(counts: Iterable[int]) -> int:
    """The largest h such that h posts were reposted at least h times each (Hirsch 2005, on reposts)."""
    ordered = sorted(counts, reverse=True)
    return sum(count >= place for place, count in enumerate(ordered, 1))


def in_order(pagerank: Mapping[int, float], index: Mapping[int, int]) -> list[int]:
    """The authors from first to last: by index, where equal by PageRank."""
    # Rounded, so that authors in the same place of the graph tie and their number decides, not the last bit.
    return sorted(pagerank, key=lambda a: (-index.get(a, 0), -round(pagerank[a], 9), a))


def reposts_of(said: Sequence[Said]) -> dict[int, list[int]]:
    """Author -> how often each of their posts was reposted, where that is known."""
    counts = defaultdict(list)
    for one in said:
        if one.reposts is not None:
            counts[one.author].append(one.reposts)
    return counts


def heard_by(said: Sequence[Said]) -> dict[int, list[int]]:
    """Author -> the author of each post tied to them; a tie to oneself is none."""
    heard: dict[int, list[int]] = defaultdict(list)
    for one in said:
        for carried in set(one.carried) - {one.author}:
            heard[carried].append(one.author)
    return heard


def ties_of(said: Sequence[Said]) -> Counter[tuple[int, int]]:
    """(author, tied to) -> in how many posts; a tie to oneself is none."""
    return Counter((one.author, carried) for one in said for carried in set(one.carried) - {one.author})


def pagerank(ties: Mapping[tuple[int, int], int], starts: Mapping[int, int]) -> dict[int, float]:
    """Personalised PageRank of each author: ties by how many posts make them, steps start anew where `starts` says."""
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


def communities(said: Sequence[Said], seed: int) -> dict[int, int]:
    """Author -> number of their community (Louvain, Blondel et al. 2008), 1 the largest; small ones have none."""
    nx = _networkx()
    graph = nx.Graph()
    for (a, b), weight in sorted(ties_of(said).items()):
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
