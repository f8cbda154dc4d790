"""Signs of a game: a score near the name, two towns with a result between them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from pipeline.match.case import Case, Evidence, weight

# "(88e)" is the minute of a goal; up to 20 it is an arrondissement of Paris.
_SCORE = re.compile(r"(?<![\d/.,-])\d{1,3}\s?[-–]\s?\d{1,3}(?![\d/-])|\((?:2[1-9]|[3-9]\d)e\)")
# Wars and school years look like scores.
_NOT_SCORES = frozenset(("14-18", "39-45", "14 18", "39 45"))
# What may stand between the two sides of a fixture.
_FIXTURE = re.compile(r"\s*[-–/]\s*#?\Z")
# A result stands between its two towns: "Lille 0-3 Lyon", "Bourges 18 - Angers 12".
_RESULT = re.compile(r"\s*\d{1,3}\s?[-–]\s?(?:\d{1,3}\s+)?#?\Z")
# How far a score may stand from the name, in words: "Lens s'est imposé hier soir 2-1".
_SCORE_REACH = 6


def signs(case: Case) -> Iterator[Evidence]:
    """Every such sign around one occurrence."""
    yield from _score(case)
    yield from _fixture(case)


def _score(case: Case) -> Iterator[Evidence]:
    """A score near the name: "Lens s'impose 2-1"."""
    score = _score_near(case)
    if score:
        yield Evidence("score", "club", weight("score"), score)


def _score_near(case: Case) -> str:
    """What looks like a score a few words before or after the name; empty where nothing does."""
    reading = case.scene.reading
    first = max(0, case.found.first - _SCORE_REACH)
    last = min(len(reading), case.found.past + _SCORE_REACH) - 1
    score = _SCORE.search(case.scene.text[reading[first].start : reading[last].end])
    return score[0] if score and score[0] not in _NOT_SCORES else ""


def _fixture(case: Case) -> Iterator[Evidence]:
    """Two towns with a result between them, or only a dash where sport is spoken of: "Lens - Lyon"."""
    scene = case.scene
    for left, right in itertools.pairwise(scene.found[max(0, case.at - 1) : case.at + 2]):
        between = scene.text[scene.reading[left.past - 1].end : scene.reading[right.first].start]
        if not (left.name.places and right.name.places):
            continue
        dashed = left.past == right.first and _FIXTURE.match(between)
        if _RESULT.match(between) or (dashed and _is_of_sport(case)):
            yield Evidence("fixture", "club", weight("fixture"), case.around())
            return


def _is_of_sport(case: Case) -> bool:
    """Whether a score stands near the name, or sport is spoken of in the text."""
    return bool(_score_near(case)) or any(rule.name == "sport" for rule in case.scene.heard)
