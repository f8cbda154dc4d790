"""Signs that no pattern of words can say: numbers, brackets, neighbours on the map, lists, headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.gazetteer import Place
from pipeline.match import games
from pipeline.match.case import Case, Evidence, is_among, weight
from pipeline.match.lexicon import rules
from pipeline.match.names import ARTICLES, Found

# What may stand between the members of a list of places.
_LIST = re.compile(r"\s*[,/&;·+#<>-]?\s*[–-]?\s*#?\s*\Z")
# Inhabitants from which a commune is meant before the département of its name.
_TOWN = 20_000
# What parts a dateline from its news: "Manche : …", "Manche. …", "Manche - …", "Manche | …", "Manche / …".
_DATELINE = re.compile(r"\s*[:|–—/]\s|\.\s|\s-\s")


def signs(case: Case) -> Iterator[Evidence]:
    """Every sign around one occurrence."""
    yield from _number(case)
    yield from _bracket(case)
    yield from _located(case)
    yield from _neighbours(case)
    yield from _listed(case)
    yield from _headline(case)
    if case.level == "commune":
        yield from games.signs(case)


def _number(case: Case) -> Iterator[Evidence]:
    """A département number or postcode beside the name: "Manche (50)", "37000 Tours", "Vienne (38)"."""
    scene, first, past = case.scene, case.found.first, case.found.past
    if not case.code:
        return
    if past < len(scene.reading) and len(scene.gap(past)) <= 3 and not scene.reading[past].breaks:
        after = scene.reading[past]
        marked = after.tag or scene.gap(past).strip() in {"(", "-", ",", "/"}
        if after.folded.isdigit() and (len(after.folded) == 5 or (len(after.folded) == 2 and marked)):
            yield _home_or_not(case, after.folded)
            return
    before = scene.reading[first - 1].folded if first else ""
    own = case.level == "departement" and before == case.code  # "50 - Manche"
    if before.isdigit() and (len(before) == 5 or own) and scene.reading[first].soft:
        yield _home_or_not(case, before)


def _home_or_not(case: Case, digits: str) -> Evidence:
    if (case.code or "")[:2] == digits[:2]:
        return Evidence("number", "territory", weight("number"), digits)
    # Two digits may be a day or an age: only a number that would be a département's says "elsewhere".
    other = len(digits) == 5 or case.scene.text[case.scene.reading[case.found.past].start - 1] == "("
    return Evidence("other_number", "other_place", weight("other_number") if other else 0.0, digits)


def _bracket(case: Case) -> Iterator[Evidence]:
    """A département alone in brackets behind a place: "Coutances (Manche)"."""
    gap_before, gap_after = case.scene.gap(case.found.first), case.scene.gap(case.found.past)
    if case.level != "commune" and gap_before.endswith("(") and gap_after.startswith(")"):
        yield Evidence("bracket", "territory", weight("bracket"), f"({case.written()})")


def _located(case: Case) -> Iterator[Evidence]:
    """A place of the territory said to lie in it: "Granville, dans la Manche", "Granville - Manche"."""
    before = _beside(case, -1) if case.level != "commune" else None
    if before and _is_neighbour(case, before, opening=True):
        yield Evidence("located", "territory", weight("located"), case.around())


def _neighbours(case: Case) -> Iterator[Evidence]:
    """Other places of the text that lie in the territory, or in the same département."""
    near = {" ".join(one.name.words) for one in case.scene.nearby(case.at) if _is_neighbour(case, one)}
    if near:
        counted = weight("neighbour") * min(len(near), 2)
        yield Evidence("neighbour", "territory", counted, ", ".join(sorted(near)[:3]))


def _is_neighbour(case: Case, other: Found, *, opening: bool = False) -> bool:
    """Whether `other` lies in the territory; its first capital may be the sentence's own where `opening` allows it."""
    first = case.scene.reading[other.first]
    if other.name.words == case.found.name.words or not _is_written(case, other):
        return False
    if len(other.name.words) == 1 and (is_among(other.name.words[0], "ordinary") or (first.breaks and not opening)):
        return False
    return bool(other.name.places) and _lies_in(other.name.places[0], case)


def _is_written(case: Case, other: Found) -> bool:
    """Whether `other` has a name's capital: "Le parc éolien" begins a sentence, and is no village called Le Parc."""
    article = len(other.name.words) > 1 and other.name.words[0] in ARTICLES
    head = case.scene.reading[min(other.first + article, other.past - 1)]
    return head.capital or head.tag


def _lies_in(place: Place, case: Case) -> bool:
    """Whether `place` (the most populous of its name) is in the territory, or the territory's own surroundings."""
    code = case.code or ""
    if case.level == "region":
        return place.region == code and place.level != "region"
    if case.level == "departement":
        return place.department == code
    return place.department == code[: 3 if code.startswith("97") else 2]


def _listed(case: Case) -> Iterator[Evidence]:
    """Places of the same level beside it, with nothing between but what parts the members of a list."""
    beside = [one for one in (_beside(case, -1), _beside(case, 1)) if one and _is_peer(case, one)]
    if beside:
        rule = f"list_{case.level}"
        counted = weight(rule) * len(beside)
        yield Evidence(rule, "territory", counted, ", ".join(" ".join(one.name.words) for one in beside))


def _is_peer(case: Case, other: Found) -> bool:
    if other.name.words == case.found.name.words or not _is_written(case, other):
        return False
    if case.level == "commune" and len(other.name.words) == 1 and is_among(other.name.words[0], "ordinary"):
        return False
    levels = {place.level for place in other.name.places}
    if case.level == "commune":
        return "commune" in levels
    # Paris is a département among cities: a large commune's name makes no list of départements.
    large = any(place.level == "commune" and (place.population or 0) >= _TOWN for place in other.name.places)
    return case.level in levels and not large


def _beside(case: Case, step: int) -> Found | None:
    """The name just before (-1) or after (1), across at most an "et" and an article."""
    scene, position = case.scene, case.at + step
    if not 0 <= position < len(scene.found):
        return None
    other = scene.found[position]
    left, right = (other, case.found) if step < 0 else (case.found, other)
    between = [word.folded for word in scene.reading[left.past : right.first]]
    if len(between) > 3 or any(not (is_among(word, "listing") or word.isdigit()) for word in between):
        return None
    gap = scene.text[scene.reading[left.past - 1].end : scene.reading[right.first].start]
    return other if between or _LIST.match(gap) else None


def _headline(case: Case) -> Iterator[Evidence]:
    """The local press begins with the place and a colon: "Tours : un homme interpellé"."""
    if is_dateline(case):
        # A river in flood opens the news like its département: only names that are doubted need the whole weight.
        doubted = case.name in rules().settings["names"]
        yield Evidence("headline", "territory", weight("dateline" if doubted else "headline"), case.written())
    elif case.first.breaks and not case.first.tag and case.scene.gap(case.found.past).strip() == ":":
        yield Evidence("headline", "territory", weight("headline"), f"{case.written()} :")


def is_dateline(case: Case) -> bool:
    """Whether a département stands alone before the news, without the article that the sea and the river keep."""
    alone = case.level == "departement" and case.first.breaks and case.first.capital and case.head is case.first
    followed = case.found.past < len(case.scene.reading)
    return alone and followed and not case.first.tag and bool(_DATELINE.match(case.scene.gap(case.found.past)))
