"""Every name that may be met in a text: those that brands claim, and those of the gazetteer that keep them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.gazetteer import Place
from pipeline.match.lexicon import rules
from pipeline.match.reading import Word
from pipeline.model import Brand

# "place": the territory's name, to be judged; "inhabitant": the name of its people; "own": words that only the brand
# uses (brand name, hashtag, account), which need no judging; "tagline": its own too, but made of everybody's words.
Kind = Literal["place", "inhabitant", "own", "tagline"]

Phrase = tuple[str, ...]

# A name shorter than this is not looked for inside a longer hashtag: "#JoliVar2020" is not worth every "var" and "ain".
SHORTEST_IN_TAG = 4

ARTICLES = frozenset(("le", "la", "les", "l", "au", "aux", "du", "des"))


class Claim(NamedTuple):
    """One brand's claim on a name."""

    brand: Brand
    kind: Kind


@dataclass(frozen=True, slots=True)
class Name:
    """A name as folded words, with who claims it and the places of the gazetteer that bear it."""

    words: Phrase
    claims: tuple[Claim, ...] = ()
    places: tuple[Place, ...] = ()


class Found(NamedTuple):
    """A name met in a text: `first` and `past` are indexes of words."""

    name: Name
    first: int
    past: int


class Lent(NamedTuple):
    """A word of a brand file that speaks for one of its senses, or for the territory; `of` limits it to some names."""

    brand: str
    rule: str
    sense: str
    of: frozenset[Phrase]


@dataclass(frozen=True, slots=True)
class Names:
    """The names to look for. `longest` is, by first word, the number of words of the longest name that begins so."""

    by_words: Mapping[Phrase, Name]
    longest: Mapping[str, int]
    joined: Mapping[str, Name]
    lent: Mapping[Phrase, tuple[Lent, ...]]
    lent_longest: Mapping[str, int]

    def find(self, reading: Sequence[Word]) -> list[Found]:
        """The names in a text, leftmost first, longest first, never overlapping. Linear time.

        A name that nobody claims gives way to a longer one that begins inside it: "le Val" to "Val-de-Marne".
        """
        found: list[Found] = []
        position = 0
        while position < len(reading):
            hit = self._at(reading, position)
            if hit and not hit.name.claims and hit.past - hit.first > 1:
                hit = self._longer_inside(reading, hit) or hit
            if hit:
                found.append(hit)
            position = hit.past if hit else position + 1
        return found

    def _longer_inside(self, reading: Sequence[Word], hit: Found) -> Found | None:
        for position in range(hit.first + 1, hit.past):
            other = self._at(reading, position)
            if other and other.past > hit.past and other.past - other.first > hit.past - hit.first:
                return other
        return None

    def _at(self, reading: Sequence[Word], first: int) -> Found | None:
        word = reading[first]
        if word.tag and not word.whole and (glued := self._glued(reading, first)):
            return glued
        longest = self.longest.get(word.folded, 0)
        if longest:
            ahead = tuple(w.folded for w in reading[first : first + longest])
            for size in range(len(ahead), 0, -1):
                name = self.by_words.get(ahead[:size])
                if name and _whole(reading, name, first, size):
                    return Found(name, first, first + size)
        name = self._in_tag(word.folded) if word.whole else None
        return Found(name, first, first + 1) if name else None

    def _glued(self, reading: Sequence[Word], first: int) -> Found | None:
        """The name that a whole hashtag of several words is, however its capitals cut it: "#MaineetLoire"."""
        word = reading[first]
        if first and reading[first - 1].tag and reading[first - 1].end == word.start:
            return None
        past = first + 1
        while past < len(reading) and reading[past].tag and reading[past].start == reading[past - 1].end:
            past += 1
        name = self.joined.get("".join(w.folded for w in reading[first:past]))
        return Found(name, first, past) if name else None

    def _in_tag(self, tag: str) -> Name | None:
        """The name that a hashtag in one piece is, or is made of with a known beginning, ending or year."""
        if tag in self.joined:
            return self.joined[tag]
        for before in rules().settings["glued_before"]:
            if tag.startswith(before) and (name := self.joined.get(tag[len(before) :])):
                return name
        for after in rules().settings["glued_after"]:
            if tag.endswith(after) and (name := self.joined.get(tag[: -len(after)])):
                return name
        return None


def _whole(reading: Sequence[Word], name: Name, first: int, size: int) -> bool:
    """Whether the match does not cut a hashtag: one of several words holds all of a name, or none of it."""
    cut = [word for word in reading[first : first + size] if word.tag and not word.whole]
    return not cut or (len(cut) == size and len("".join(name.words)) >= SHORTEST_IN_TAG)
