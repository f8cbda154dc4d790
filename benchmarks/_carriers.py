"""How often the range of places that influence gives an author holds the true place, in made-up crowds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.influence import Said, carriers

PEOPLE = (30, 100, 300)
# By how much the chance to be carried falls from one author to the next: rivals close by, and far apart.
STEPS = (0.01, 0.03, 0.06)
AUTHORS = 8


def places(worlds: int, seed: int) -> Iterator[tuple[int, float, float, float]]:
    """(people, step, share of ranges that hold the true place, mean places in a range), the true order planted.

    A person carries each of eight authors with a chance of the author's own, in one post or in up to fifty alike.
    """
    rng = np.random.default_rng(seed)
    for people in PEOPLE:
        for step in STEPS:
            told = [c for _ in range(worlds) for c in carriers(_world(rng, people, step)) if c.author < AUTHORS]
            held = [c.rank_low <= c.author + 1 <= c.rank_high for c in told]
            wide = [c.rank_high - c.rank_low + 1 for c in told]
            yield people, step, float(np.mean(held)), float(np.mean(wide))


def _world(rng: np.random.Generator, people: int, step: float) -> list[Said]:
    said = [Said(k) for k in range(AUTHORS)]
    for person in range(100, 100 + people):
        carried = np.flatnonzero(rng.random(AUTHORS) < 0.55 - step * np.arange(AUTHORS))
        times = min(50, int(np.ceil(rng.pareto(1.2))))
        said += [Said(person, tuple(carried.tolist()))] * times
    return said
