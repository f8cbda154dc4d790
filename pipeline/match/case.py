"""One occurrence of one brand's name, and one piece of evidence about it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.match.fold import words
from pipeline.match.lexicon import rules
from pipeline.match.names import ARTICLES, Claim, Found
from pipeline.match.reading import Word
from pipeline.match.scene import Scene


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
    def spoken_as(self) -> str:
        """The level whose grammar the name follows: an inhabitant or a by-name ("métropole lilloise") follows none."""
        territory = words(self.claim.brand.territory)
        return self.level if self.claim.kind == "place" and self.bare == _without_article(territory) else "by-name"

    @property
    def code(self) -> str | None:
        """The territory's INSEE code."""
        return self.claim.brand.insee

    def written(self) -> str:
        """The words of the occurrence as they stand in the text."""
        first, last = self.scene.reading[self.found.first], self.scene.reading[self.found.past - 1]
        return self.scene.text[first.start : last.end]

    @property
    def first(self) -> Word:
        """The first word of the occurrence."""
        return self.scene.reading[self.found.first]

    @property
    def head(self) -> Word:
        """The first word behind the name's article: the one whose capital tells "Le Port" from a port."""
        article = len(self.found.name.words) - len(self.bare)
        return self.scene.reading[min(self.found.first + article, self.found.past - 1)]

    @property
    def bare(self) -> tuple[str, ...]:
        """The folded words without the article: "au Mans", "Le Mans" and "Mans" are one."""
        return _without_article(self.found.name.words)

    def around(self) -> str:
        """The name with the words beside it: what a reader of the evidence needs to see."""
        reading = self.scene.reading
        first, last = max(0, self.found.first - 3), min(len(reading), self.found.past + 2) - 1
        return self.scene.text[reading[first].start : reading[last].end][:80]


def _without_article(phrase: tuple[str, ...]) -> tuple[str, ...]:
    return phrase[1:] if len(phrase) > 1 and phrase[0] in ARTICLES else phrase


def weight(of: str) -> float:
    """The weight of a sign that code, not a pattern, finds."""
    return float(rules().settings["signs"][of])


def is_among(word: str, kind: str) -> bool:
    """Whether a folded word belongs to a kind of words of the lexicon."""
    return word in rules().classes[kind]
