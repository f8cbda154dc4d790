"""Every figure of quality from the gold sets that are there, against its floor; and the answers that are wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.score.folding import fold
from pipeline.steps.evaluate import elsewhere, images, places, tones, towards
from pipeline.steps.evaluate.figures import Answer, Figure, Trial
from pipeline.steps.evaluate.sets import Sets, floors

__all__ = ["Answer", "Evaluated", "Figure", "Sets", "Trial", "evaluate", "wrong"]

_ROOMS: tuple[Callable[[Sets], Iterator[Trial | str]], ...] = (
    places.trials,
    tones.languages,
    tones.sentiments,
    elsewhere.posts,
    tones.curves,
    towards.gold,
    towards.kept,
    towards.reals,
    images.trials,
)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was measured, and the sets that are not there."""

    trials: tuple[Trial, ...]
    absent: tuple[str, ...]

    @property
    def figures(self) -> list[Figure]:
        """Every figure, in the order of the trials."""
        return [figure for trial in self.trials for figure in trial.figures]


def evaluate(sets: Sets, progress: Callable[[int], None] | None = None) -> Evaluated:
    """Put every gold set through the program; deterministic, and without effect on the store."""
    known = floors(sets)
    trials, absent = [], []
    for room in _ROOMS:
        for told in room(sets):
            if isinstance(told, str):
                absent.append(told)
            else:
                trials.append(_with_floors(told, known))
        if progress:
            progress(1)
    return Evaluated(tuple(trials), tuple(absent))


def wrong(done: Evaluated, chosen: str) -> list[tuple[str, Answer]]:
    """Wrong answers, with their trial, of what `chosen` names: a place (la-manche), a set (fr-fast), or a kind of tag.

    Our own place set stands in several trials; each of its sentences is told once.
    """
    slug = _slug(chosen)
    found: dict[tuple[str, str, str, str], str] = {}
    answers: dict[tuple[str, str, str, str], Answer] = {}
    for trial in done.trials:
        for one in trial.answers:
            if one.wanted != one.told and (_slug(one.about) == slug or slug in _slug(trial.name)):
                key = one.text, one.wanted, one.told, one.why
                found.setdefault(key, trial.name)
                answers[key] = one
    return [(found[key], answers[key]) for key in found]


def _with_floors(trial: Trial, known: dict[str, float]) -> Trial:
    figures = (
        replace(one, floor=known.get(f"{one.trial} {one.name}"), ceiling=known.get(f"{one.trial} {one.name} at most"))
        for one in trial.figures
    )
    return replace(trial, figures=tuple(figures))


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))
