"""GDELT's questions: the phrases of all brands joined by OR, in the French press, in as few as the length allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.collect._plan import Asked, Planned, cut, packed, phrase, shared, widest, words
from pipeline.model import Query

_FRENCH_PRESS = " sourcecountry:FR"
# The documented error for both ends says no figure; answers were refused beyond some 250 characters.
_MOST = 240
_FEWEST = 3  # characters a word must have to be searched


def too_short(queries: Sequence[Query]) -> int:
    """How many words of the brands are never asked: GDELT takes none of so few characters."""
    return sum(len(phrase(word)) < _FEWEST for query in queries for word in words(query))


def groups(queries: Sequence[Query]) -> list[list[Planned]]:
    """The phrases of each question, as few questions as the length allows."""
    asked = widest(shared(queries, _phrases))
    room = _MOST - len(_FRENCH_PRESS) - len("()")
    return [[asked[text].planned(text) for text in group] for group in packed(asked, room, " OR ")]


def joined(phrases: Sequence[Planned]) -> Planned:
    """The one question for these phrases."""
    texts, brands, covers = [one.text for one in phrases], list[str](), list[str]()
    for one in phrases:
        brands += one.brands
        covers += one.covers
    either = f"({' OR '.join(texts)})" if len(texts) > 1 else texts[0]
    return Asked(brands, covers).planned(either + _FRENCH_PRESS)


def _phrases(query: Query) -> Iterator[tuple[str, str]]:
    """Each word in quotes; those too short for it are left to the words that hold them, and counted by `too_short`."""
    for word in words(query):
        text = cut(phrase(word), _MOST - len(_FRENCH_PRESS) - len('("")'))
        if len(text) >= _FEWEST:
            yield f'"{text}"', word
