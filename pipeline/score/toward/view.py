"""Shows a text from where a place stands in it: tokens, the place's own clause, its sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.score.folding import words
from pipeline.score.masking import OWN, addresses, spans
from pipeline.score.sentiment import tokens

# What stands for the place, for another place named, and before a name in mid-sentence (who else may be judged).
HERE, ELSEWHERE, NAME = "zzici", "zzautre", "zzmaj"
# What an encoder, which knows words, reads for HERE and for ELSEWHERE.
SPOKEN, OTHER = "CETTE VILLE", "UNE AUTRE VILLE"
AROUND = 1500  # characters read on each side of the place

_ENDS = frozenset((".", "!", "!!", "!!!", "?", "??", "???", "...", "!?", "?!", "http"))
_COMMAS = frozenset((",", ";", ":", "(", ")", "|", "«", "»", '"', "“", "”"))
TURNS = words(
    "mais pourtant cependant toutefois neanmoins alors tandis pendant contre certes sauf heureusement but while"
)
THAN = words("que qu' than")
COMPARES = words("plus moins mieux meilleur meilleure meilleurs pire pires aussi autant better worse more less")
_NAME = re.compile(r"(?<=[\w,;)»] )(?=[A-ZÀ-Ý][\w-]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: its offsets, the brand's own words, offsets of the other places named."""

    text: str
    start: int
    end: int
    own_words: tuple[str, ...] = ()
    others: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class View:
    """Tokens of a text and where the place stands among them."""

    tokens: list[str]
    at: int

    @cached_property
    def sentence(self) -> tuple[int, int]:
        """Half-open span of tokens between two sentence ends around the place."""
        return self._between(_ENDS)

    @cached_property
    def clause(self) -> tuple[int, int]:
        """Half-open span between two commas, contrasts or sentence ends."""
        start, end = self._between(_ENDS | _COMMAS | TURNS)
        than = self.than
        return (start, end) if than is None else (than, end) if than < self.at else (start, than)

    @cached_property
    def than(self) -> int | None:
        """Where a comparison turns in the place's sentence: the "que" of "mieux à Dijon qu'à Paris"."""
        start, end = self.sentence
        seen = False
        for i in range(start, end):
            if self.tokens[i] in COMPARES:
                seen = True
            elif seen and self.tokens[i] in THAN:
                return i
        return None

    def neighbours(self) -> list[tuple[int, int]]:
        """Clauses of the same sentence after the place's own, then before, up to a contrast or another name."""
        start, end = self.clause
        after = self._run(end, self.sentence[1], 1)
        before = self._run(self.sentence[0], start, -1)
        return [after, before]

    def _run(self, start: int, end: int, way: int) -> tuple[int, int]:
        """The part of start..end next to the place that no contrast and no other name cuts off."""
        cuts = [i for i in range(start, end) if self.tokens[i] in TURNS or self.tokens[i] in {ELSEWHERE, NAME}]
        if not cuts:
            return start, end
        return (start, min(cuts)) if way > 0 else (max(cuts) + 1, end)

    def _between(self, separators: frozenset[str]) -> tuple[int, int]:
        start, end = self.at, self.at + 1
        while start > 0 and self.tokens[start - 1] not in separators:
            start -= 1
        while end < len(self.tokens) and self.tokens[end] not in separators:
            end += 1
        return start, end


def view(place: Place) -> View:
    """The text seen from the place; own words are hidden before anything is read."""
    found = tokens.cut(marked(place)).tokens
    return View(found, next((i for i, token in enumerate(found) if HERE in token), 0))


def marked(place: Place) -> str:
    """The text around the place with HERE, ELSEWHERE and NAME written in, addresses and own words hidden.

    A slogan that holds the place's name is all HERE: its other words praise nobody.
    """
    text = place.text
    start = max(0, min(place.start, len(text)))
    end = max(start, min(place.end, len(text)))
    first = max(0, start - AROUND)
    own = [(a + first, b + first) for a, b in spans(text[first : end + AROUND], place.own_words)]
    around = [(a, b) for a, b in own if a < end and start < b]
    start, end = min([start, *(a for a, _ in around)]), max([end, *(b for _, b in around)])
    known = [(a, b, OWN) for a, b in own] + [(a, b, ELSEWHERE) for a, b in place.others]
    before = _written(text, sorted(known), max(0, start - AROUND), start)
    after = _written(text, sorted(known), end, min(len(text), end + AROUND))
    told = addresses(f"{before} {HERE} {after}")
    return told if _shouts(told) else _NAME.sub(f"{NAME} ", told)


def spoken(place: Place) -> str:
    """The text with plain words for the place and for the others: what an encoder can read."""
    told = marked(place).replace(f"{NAME} ", "").replace(ELSEWHERE, OTHER).replace(HERE, SPOKEN)
    return " ".join(told.split())


def _shouts(text: str) -> bool:
    return sum(map(str.isupper, text)) > 0.4 * len(text)


def _written(text: str, known: list[tuple[int, int, str]], start: int, end: int) -> str:
    """The text from start to end with known spans as their words; one that crosses a bound or another is left alone."""
    parts: list[str] = []
    for first, last, word in known:
        if start <= first < last <= end:
            parts += text[start:first], word
            start = last
    return "".join(parts) + text[start:end]
