"""Signs of how things are written: the numbers of roads, the line-ups of teams, a capital inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.match.case import Case, Evidence, weight

# "A84", "RN147", "D924": two digits at least, since "A4" is a sheet of paper; an "A320" is a plane.
_ROAD = re.compile(r"\b(?:A\d{2}|(?:RN|RD|N|D)\s?\d{2,4})\b")
# "(4-3-3)", "4-2-3-1".
_LINEUP = re.compile(r"(?<![\d-])[345]-\d-\d(?:-\d)?(?![\d-])")
# How far a road may stand from the département, and a line-up from its team, in characters.
_NEAR, _BESIDE = 300, 12


def marks(case: Case) -> Iterator[Evidence]:
    """Every such sign around one occurrence; "inner_capital" weighs nothing and silences rules of words."""
    if case.level == "departement":
        if road := _ROAD.search(case.scene.text, max(0, case.first.start - _NEAR), case.first.end + _NEAR):
            yield Evidence("road", "territory", weight("road"), road[0])
        if case.head.capital and not case.first.breaks and not case.scene.shouted:
            yield Evidence("inner_capital", "territory", weight("inner_capital"), case.written())
    elif lineup := _LINEUP.search(_beside(case)):
        yield Evidence("lineup", "club", weight("lineup"), lineup[0])


def _beside(case: Case) -> str:
    """The text right behind the name."""
    end = case.scene.reading[case.found.past - 1].end
    return case.scene.text[end : end + _BESIDE]
