"""From plain words to the questions a platform takes: every word covered, no question too long, as few as can be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.gazetteer import fold
from pipeline.model import Query


@dataclass(frozen=True, slots=True)
class Planned:
    """One question: its `text` in the platform's language, the brands it serves, and the words it `covers`.

    `cost` is the least number of requests it takes, `cost_micros` the least price in millionths of the platform's
    currency, 0 where it is free.
    """

    text: str
    brands: tuple[str, ...]
    covers: tuple[str, ...]
    cost: int = 1
    cost_micros: int = 0


def words(query: Query) -> tuple[str, ...]:
    """All that is listened for in one brand: its terms and its hashtags, without their sign."""
    return tuple(dict.fromkeys((*query.terms, *(tag.lstrip("#") for tag in query.hashtags))))


def phrase(word: str) -> str:
    """A word or phrase without the signs that search languages give a meaning to, its blanks made single."""
    return " ".join("".join(c if c.isalnum() or c in "-'’&." else " " for c in word).split())


def hashtag(word: str) -> str | None:
    """The hashtag people make of a word or phrase ("Just Dijon": JustDijon), None where none can be made.

    Platforms take letters, digits and `_` and refuse a tag of digits only.
    """
    tag = "".join(c for c in unicodedata.normalize("NFC", word) if c.isalnum() or c == "_")
    return tag if tag and not tag.isdecimal() and any(c.isalpha() for c in tag) else None


def unaccented(text: str) -> str:
    """The text in lower case without accents, as Mastodon since 4.0 and X's search keep hashtags."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def shared(queries: Sequence[Query], form: Callable[[Query], Iterable[tuple[str, str]]]) -> dict[str, Asked]:
    """What several brands ask in the same form, once: form -> who asks for it and for which words.

    `form` gives (form, word) pairs for a brand.
    """
    asked: dict[str, Asked] = {}
    for query in queries:
        for formed, word in form(query):
            one = asked.setdefault(formed, Asked([], []))
            one.brands.append(query.brand)
            one.covers.append(word)
    return asked


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for something, and for which of their words."""

    brands: list[str]
    covers: list[str]

    def planned(self, text: str, cost: int = 1) -> Planned:
        """The question that asks for it."""
        return Planned(text, _once(self.brands), _once(self.covers), cost)

    def join(self, other: Asked) -> Asked:
        """Both together."""
        return Asked(self.brands + other.brands, self.covers + other.covers)


def widest(asked: dict[str, Asked]) -> dict[str, Asked]:
    """Without the phrases that hold another whole phrase: who finds "Dijon" finds "Dijon Métropole" as well.

    The wider phrase takes over who asked. Only for platforms that search whole words in any place of a text.
    """
    folded = {text: tuple(fold(text).split()) for text in asked}
    kept: dict[tuple[str, ...], str] = {}
    found: dict[str, Asked] = {}
    for text in sorted(asked, key=lambda t: (len(folded[t]), len(t), t)):
        wider = next((kept[part] for part in _parts(folded[text]) if part in kept), None)
        if wider is None:
            found[text] = asked[text]
            kept[folded[text]] = text
        else:
            found[wider] = found[wider].join(asked[text])
    return found


def packed(asked: dict[str, Asked], limit: int, between: str) -> list[list[str]]:
    """The texts in groups whose length, joined with `between`, is at most `limit`: first fit, the longest first.

    First fit decreasing takes at most 11/9 of the fewest groups possible, plus one (Johnson 1973). A text longer than
    `limit` alone is a ValueError: shorten it before.
    """
    groups: list[list[str]] = []
    lengths: list[int] = []
    for text in sorted(asked, key=lambda t: (-len(t), t)):
        if len(text) > limit:
            raise ValueError(f"a phrase of {len(text)} characters in a question of at most {limit}")
        fits = next((i for i, n in enumerate(lengths) if n + len(between) + len(text) <= limit), None)
        if fits is None:
            groups.append([text])
            lengths.append(len(text))
        else:
            groups[fits].append(text)
            lengths[fits] += len(between) + len(text)
    return groups


def cut(text: str, limit: int) -> str:
    """The text's first words within `limit` characters: a long tagline is still found by its beginning."""
    if len(text) <= limit:
        return text
    return text[: limit + 1].rpartition(" ")[0] or text[:limit]


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every run of words, the shortest first."""
    for length in range(1, len(words) + 1):
        for start in range(len(words) - length + 1):
            yield words[start : start + length]


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
