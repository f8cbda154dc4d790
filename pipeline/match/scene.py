"""One text seen whole, once: its words, the names in it, the words that speak for a sense, its language, its noise."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.match.lexicon import rules
from pipeline.match.names import Found, Lent, Names
from pipeline.match.reading import Word, read
from pipeline.match.rules import Rule, phrases

# How many names on each side are looked at for neighbours on the map.
_NEARBY = 12

# Inhabitants from which a commune is one that advertisements name.
_CITY = 10_000
# A rent or a price, as rentals write it.
_PRICE = re.compile(r"\d\s?(?:€|euros?\b)")
# A French phone number, as rentals and escorts write it.
_PHONE = re.compile(r"(?<!\d)(?:\+33|0033|0)\s?[1-9](?:[\s.-]?\d{2}){4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Heard:
    """The words of a text that fire one rule, in order, by index of their first word."""

    indexes: list[int] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    distinct: dict[str, int] = field(default_factory=dict)

    def add(self, index: int, phrase: str) -> None:
        """Take note of one more word."""
        self.indexes.append(index)
        self.phrases.append(phrase)
        self.distinct.setdefault(phrase, index)

    def near(self, first: int, past: int, reach: int) -> set[str]:
        """The different phrases within `reach` words of the name at `first` to `past`, it excluded; 0 is anywhere."""
        if not reach:
            return {phrase for phrase, index in self.distinct.items() if not first <= index < past}
        low, high = bisect_left(self.indexes, first - reach), bisect_left(self.indexes, past + reach)
        return {self.phrases[i] for i in range(low, high) if not first <= self.indexes[i] < past}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the sense of every name in one text is judged by.

    `heard` holds, by rule, the words that fire it; `foreign` says that the text is in English
    or Spanish; `shouted` that it has no small letters to tell a name from a word, `lazy` that it has no capital;
    `spam` why it is one, None if not.
    """

    text: str
    reading: Sequence[Word]
    found: Sequence[Found]
    heard: dict[Rule, Heard] = field(default_factory=dict)
    foreign: bool = False
    shouted: bool = False
    lazy: bool = False
    spam: str | None = None
    posted: bool = False
    lent: Sequence[tuple[Lent, int, str]] = ()

    def nearby(self, at: int) -> Sequence[Found]:
        """The names around the one at `at`: enough for any sentence, few enough for a list of 100,000."""
        return self.found[max(0, at - _NEARBY) : at + _NEARBY + 1]

    def gap(self, index: int) -> str:
        """What is written between the words `index - 1` and `index`."""
        if index <= 0 or index >= len(self.reading):
            return "" if index <= 0 else self.text[self.reading[-1].end : self.reading[-1].end + 4]
        return self.text[self.reading[index - 1].end : self.reading[index].start]


def see(text: str, names: Names) -> Scene:
    """Read one text. Linear time."""
    reading = read(text)
    found = names.find(reading)
    if not any(one.name.claims for one in found):
        return Scene(text, reading, ())
    heard: dict[Rule, Heard] = {}
    inside = {index: one.past - one.first for one in found for index in range(one.first, one.past)}
    for rule, index, phrase in rules().heard(reading):
        # "Seine-Maritime" says nothing of the sea: a word counts where it is not a part of a place's longer name.
        if index not in inside or phrase.count(" ") + 1 >= inside[index]:
            heard.setdefault(rule, Heard()).add(index, phrase)
    return Scene(
        text,
        reading,
        found,
        heard,
        foreign=_is_foreign(reading),
        shouted=_is_shouted(reading),
        lazy=not any(character.isupper() for character in text),
        spam=_spam(text, reading, found, heard),
        posted="@" in text or "#" in text or "http" in text,
        lent=_lent(reading, names),
    )


def _lent(reading: Sequence[Word], names: Names) -> list[tuple[Lent, int, str]]:
    said = phrases(reading, names.lent_longest, names.lent)
    return [(lent, index, " ".join(phrase)) for index, phrase in said for lent in names.lent[phrase]]


def _is_foreign(reading: Sequence[Word]) -> bool:
    """Whether the small words are English or Spanish rather than French."""
    classes = rules().classes
    plain = [word.folded for word in reading if not word.tag]
    french = sum(map(classes["french"].__contains__, plain))
    foreign = sum(map(classes["foreign"].__contains__, plain))
    return foreign >= 2 and foreign > french


def _is_shouted(reading: Sequence[Word]) -> bool:
    letters = [word for word in reading if word.folded.isalpha() and not word.tag]
    return len(letters) >= 3 and sum(word.capital for word in letters) >= 0.8 * len(letters)


def _spam(text: str, reading: Sequence[Word], found: Sequence[Found], heard: dict[Rule, Heard]) -> str | None:
    """Why the text is an advertisement, or None: it lists cities, or sells with a phone number or a price."""
    limit = rules().settings["spam_tags"]
    cities = {name.name.words for name in found if reading[name.first].tag and _is_city(name)}
    if len(cities) >= limit:
        return f"{len(cities)} city hashtags"
    sold, let = _said(heard, "spam"), _said(heard, "rental")
    if sold and (len(cities) >= limit // 2 or len(sold) >= 3 or _PHONE.search(text)):
        return f"advertisement: {', '.join(sold[:3])}"
    return f"rental: {', '.join(let[:3])}" if len(let) >= 2 and _PRICE.search(text) else None


def _said(heard: dict[Rule, Heard], name: str) -> list[str]:
    return sorted({phrase for rule, said in heard.items() if rule.name == name for phrase in said.distinct})


def _is_city(found: Found) -> bool:
    return any(place.level == "commune" and (place.population or 0) >= _CITY for place in found.name.places)
