"""Weighs what speaks for and against one occurrence of a name being the territory: every piece named, signed, kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.match.fold import words as fold_words
from pipeline.match.lexicon import rules
from pipeline.match.names import Claim, Found
from pipeline.match.scene import Scene

_SCORE = re.compile(r"(?<![\d/.-])\d{1,3}\s?[-–]\s?\d{1,3}(?![\d/-])")
# What may stand between the members of a list of places, and between the two sides of a fixture.
_LIST = re.compile(r"\s*(?:,|/|&|;|·|-|–|\+|#|\s)\s*#?\s*\Z")
_VERSUS = re.compile(r"\s*(?:-|–|/|#|\s)\s*#?\s*\Z")


class Evidence(NamedTuple):
    """One piece of evidence: the rule that gave it, the sense it speaks for, its weight in log-odds, the words."""

    rule: str
    sense: str
    weight: float
    said: str


class Case(NamedTuple):
    """One occurrence of one brand's name in one text, to be judged; `at` is its index among the names found."""

    scene: Scene
    at: int
    claim: Claim

    @property
    def found(self) -> Found:
        """Where the name stands."""
        return self.scene.found[self.at]

    @property
    def name(self) -> str:
        """The folded name."""
        return " ".join(self.found.name.words)

    @property
    def level(self) -> str:
        """The level of the territory; a métropole or an agglomeration is named like its commune."""
        level = self.claim.brand.level
        return level if level in {"region", "departement"} else "commune"

    @property
    def code(self) -> str | None:
        """The territory's INSEE code."""
        return self.claim.brand.insee

    def written(self) -> str:
        """The words of the occurrence as they stand in the text."""
        first, last = self.scene.reading[self.found.first], self.scene.reading[self.found.past - 1]
        return self.scene.text[first.start : last.end]


def gather(case: Case, author_place: str | None) -> list[Evidence]:
    """Everything that speaks for or against `case`, its prior first."""
    return [
        prior(case),
        *grammar(case),
        *context(case),
        *_number(case),
        *_neighbours(case),
        *_listed(case),
        *_score(case),
        *_brand_words(case),
        *_author(case, author_place),
    ]


def weight(of: str) -> float:
    """The weight of a feature that code, not a pattern, finds."""
    return float(rules().settings["features"][of])


def prior(case: Case) -> Evidence:
    """How far the bare name is believed, by how it is written."""
    settings = rules().settings
    found = settings["names"].get(case.name, {})
    own = found.get(case.level, found) if isinstance(found.get(case.level, found), dict) else found
    word = case.scene.reading[case.found.first]
    plain = float(own.get("prior", settings["priors"][case.level]))
    is_word = bool(own.get("word", case.name in rules().classes["ordinary"]))
    if is_word:
        plain = float(own.get("prior", settings["priors"]["word"]))
    if not word.capital and not word.tag:
        plain += weight("small_word" if is_word else "small")
    elif is_word and (word.breaks or case.scene.shouted) and not word.tag:
        plain += weight("unsure_capital")
    return Evidence("name", "territory" if plain > 0 else own.get("sense", "word"), plain, case.written())


def grammar(case: Case) -> Iterator[Evidence]:
    """The patterns around the name, each rule once."""
    fired = rules().around(case.scene.reading, case.found.first, case.found.past)
    for rule in dict.fromkeys(fired):
        if rule.speaks_of(case.name, case.level, case.code):
            yield Evidence(rule.name, rule.sense, rule.weight, _around(case))


def context(case: Case) -> Iterator[Evidence]:
    """The words near the name, or anywhere, that speak for a sense; different words count, up to a limit."""
    for rule, said in case.scene.heard.items():
        if not rule.speaks_of(case.name, case.level, case.code):
            continue
        near = {phrase for index, phrase in said if _is_near(case, index, rule.reach)}
        if near:
            yield Evidence(rule.name, rule.sense, rule.weight * min(len(near), rule.most), ", ".join(sorted(near)[:3]))


def _is_near(case: Case, index: int, reach: int) -> bool:
    if case.found.first <= index < case.found.past:
        return False
    return not reach or case.found.first - reach <= index < case.found.past + reach


def _around(case: Case) -> str:
    """The name with the words beside it: what a reader of the evidence needs to see."""
    reading = case.scene.reading
    first, last = max(0, case.found.first - 3), min(len(reading), case.found.past + 2) - 1
    return case.scene.text[reading[first].start : reading[last].end][:80]


def _number(case: Case) -> Iterator[Evidence]:
    """A département number or postcode right behind the name: "Manche (50)", "Tours 37000", "Vienne (38)"."""
    scene, past = case.scene, case.found.past
    if past >= len(scene.reading) or len(scene.gap(past)) > 3 or not case.code:
        return
    digits = scene.reading[past].folded
    bracketed = "(" in scene.gap(past) or "-" in scene.gap(past)
    if not digits.isdigit() or (len(digits) != 5 and not (len(digits) == 2 and (bracketed or scene.reading[past].tag))):
        return
    home = case.code[:2] == digits[:2]
    yield Evidence(
        "number", "territory" if home else "other_place", weight("number" if home else "other_number"), digits
    )


def _neighbours(case: Case) -> Iterator[Evidence]:
    """Other places of the text that lie in the territory, or in the same département."""
    near = sorted({" ".join(one.name.words) for one in case.scene.found if _is_neighbour(case, one)})
    if near:
        counted = min(len(near), 2)
        yield Evidence("neighbour", "territory", weight("neighbour") * counted, ", ".join(near[:3]))


def _is_neighbour(case: Case, other: Found) -> bool:
    first = case.scene.reading[other.first]
    if other.name.words == case.found.name.words or not (first.capital or first.tag):
        return False
    if len(other.name.words) == 1 and (other.name.words[0] in rules().classes["ordinary"] or first.breaks):
        return False
    return bool(other.name.places) and _lies_in(other.name.places[0], case)


def _lies_in(place: Place, case: Case) -> bool:
    code = case.code or ""
    if case.level == "region":
        return place.region == code and place.level != "region"
    if case.level == "departement":
        return place.department == code and place.level == "commune"
    return place.department == code[: 3 if code.startswith("97") else 2]


def _listed(case: Case) -> Iterator[Evidence]:
    """A place of the same level beside it, with nothing between but what parts the members of a list."""
    for other in (_beside(case, -1), _beside(case, 1)):
        if other and any(place.level == case.level for place in other.name.places):
            yield Evidence("list", "territory", weight("list"), " ".join(other.name.words))
            return


def _beside(case: Case, step: int) -> Found | None:
    """The name just before (-1) or after (1), across at most an "et" and an article."""
    scene = case.scene
    found = scene.found
    position = case.at + step
    if not 0 <= position < len(found):
        return None
    other = found[position]
    left, right = (other, case.found) if step < 0 else (case.found, other)
    between = [word.folded for word in scene.reading[left.past : right.first]]
    if len(between) > 3 or any(word not in rules().classes["listing"] for word in between):
        return None
    gap = scene.text[scene.reading[left.past - 1].end : scene.reading[right.first].start]
    return other if between or _LIST.match(gap) else None


def _score(case: Case) -> Iterator[Evidence]:
    """A score near the name ("Lens 2-1 Lyon"), or a fixture ("Lens - Lyon") in a text about sport."""
    scene, reading = case.scene, case.scene.reading
    if case.level != "commune":
        return
    first, last = max(0, case.found.first - 4), min(len(reading), case.found.past + 4) - 1
    score = _SCORE.search(scene.text[reading[first].start : reading[last].end])
    if score:
        yield Evidence("score", "club", weight("score"), score[0])


def _brand_words(case: Case) -> Iterator[Evidence]:
    """The brand file's own words: those of its context, and those of the senses it refuses."""
    said: dict[tuple[str, str], set[str]] = {}
    for lent, _, phrase in case.scene.lent:
        if lent.brand == case.claim.brand.slug and (not lent.of or case.found.name.words in lent.of):
            said.setdefault((lent.rule, lent.sense), set()).add(phrase)
    for (rule, sense), phrases in said.items():
        one = weight("brand_context" if sense == "territory" else "brand_sense")
        yield Evidence(rule, sense, one * min(len(phrases), 2), ", ".join(sorted(phrases)[:3]))


def _author(case: Case, author_place: str | None) -> Iterator[Evidence]:
    """The author's declared place: weak, because people write about elsewhere."""
    declared = fold_words(author_place or "")[:8]
    home = gazetteer.territory(case.code, case.level) if case.code else None
    if not declared or not home:
        return
    near = {fold_words(home.name), *(fold_words(one.name) for one in _around_home(home))}
    sizes = (declared[a:b] for a in range(len(declared)) for b in range(a + 1, len(declared) + 1))
    if any(part in near for part in sizes):
        yield Evidence("author_place", "territory", weight("author_place"), " ".join(declared))


@cache
def _around_home(home: Place) -> tuple[Place, ...]:
    """The communes, or for a région the départements, that an author of the territory would declare."""
    if home.level == "region":
        return tuple(p for p in gazetteer.places() if p.level == "departement" and p.region == home.code)
    return gazetteer.communes(home.department or "")
