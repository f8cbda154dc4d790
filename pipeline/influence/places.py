"""How sure a place among a brand's authors is: all is drawn anew, and who stays ahead is surely ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.influence.graph import Said, h_index, pagerank, reposts_of, ties_of

# Who is ahead in so many of the resamples is surely ahead: 2.5 % are left on either side.
SURE = 0.975
# Resamples x authors.
Places = NDArray[np.int32]


def drawn(said: Sequence[Said], order: Sequence[int], draws: int, rng: np.random.Generator) -> Places:
    """How many of `order` are strictly ahead of each of them, in each resample: draws x authors.

    Authors are drawn anew with all their posts as those who carry, since one author's posts go together; of each
    author's own posts, those that the index counts are drawn anew (two-stage bootstrap, Davison and Hinkley 1997).
    """
    ties, posts, counts = ties_of(said), Counter(one.author for one in said), reposts_of(said)
    speakers = sorted(posts)
    told = {at: np.array(counts[a]) for at, a in enumerate(order) if max(counts.get(a, [0])) > 0}
    places = np.empty((draws, len(order)), np.int32)
    for draw in range(draws):
        times = dict(zip(speakers, _times(len(speakers), rng), strict=True))
        ranks = pagerank(
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


def between(places: Places, at: int) -> tuple[int, int]:
    """First and last place that the author in column `at` may have: the surely better and the surely worse left out."""
    own = places[:, [at]]
    better, worse = (places < own).mean(axis=0) >= SURE, (places > own).mean(axis=0) >= SURE
    return 1 + int(better.sum()), places.shape[1] - int(worse.sum())
