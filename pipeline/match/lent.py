"""What brand files and authors lend to the judgement: words of the file's senses and context, a declared place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.match.case import Case, Evidence, weight
from pipeline.match.fold import words
from pipeline.match.names import Lent

# A declared place is a few words ("Saint-Lô, Manche, France"); what follows is a joke or a motto.
_DECLARED = 8

# The sign that weighs a sense against the brand's own words; against names of places it is "brand_sense".
_AGAINST = {"own": "own_sense", "tagline": "tagline_sense"}


def brand_words(case: Case) -> Iterator[Evidence]:
    """The brand file's own words that the text holds: those of its context, and those of the senses it refuses."""
    said: dict[tuple[str, str], set[str]] = {}
    for one, index, phrase in case.scene.lent:
        ours = one.brand == case.claim.brand.slug and _is_meant(case, one)
        if ours and not _is_the_name(case, index, phrase):
            said.setdefault((one.rule, one.sense), set()).add(phrase)
    for (rule, sense), phrases in said.items():
        each = weight("brand_context" if sense == "territory" else _AGAINST.get(case.claim.kind, "brand_sense"))
        yield Evidence(rule, sense, each * min(len(phrases), 2), ", ".join(sorted(phrases)[:3]))


def _is_meant(case: Case, one: Lent) -> bool:
    """Whether the word speaks of this name: all names where the file does not say; the brand's own where it does."""
    return case.found.name.words in one.of or (not one.of and case.claim.kind != "own")


def _is_the_name(case: Case, index: int, phrase: str) -> bool:
    """Whether the phrase is made of the occurrence itself, written as a name where the file writes it as a word.

    "dans la manche" is a sleeve; "dans la Manche" may be the département: the grammar decides, not the phrase.
    """
    past = index + phrase.count(" ") + 1
    return index < case.found.past and case.found.first < past and case.first.capital


def author(case: Case, place: str | None) -> Iterator[Evidence]:
    """The author's declared place: weak, because people write about elsewhere."""
    declared = words(place or "")[:_DECLARED]
    home = gazetteer.territory(case.code, case.level) if declared and case.code else None
    if not home:
        return
    ends = range(1, len(declared) + 1)
    if any(declared[start:end] in _near(home) for end in ends for start in range(end)):
        yield Evidence("author_place", "territory", weight("author_place"), " ".join(declared))


@cache
def _near(home: Place) -> frozenset[tuple[str, ...]]:
    """The names that an author of the territory would declare: its own, its communes', a région's départements'."""
    if home.level == "region":
        inside = [p for p in gazetteer.places() if p.level == "departement" and p.region == home.code]
    else:
        inside = list(gazetteer.communes(home.department or ""))
    return frozenset(words(one.name) for one in (home, *inside))
