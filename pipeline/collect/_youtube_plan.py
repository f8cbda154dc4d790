"""YouTube's questions, and which of them a day's searches allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.collect import Ask
from pipeline.collect._plan import Planned, cut, packed, phrase, shared, widest, words
from pipeline.collect._unseen import concerning
from pipeline.errors import ConfigError
from pipeline.model import Query, Window

_SEARCHES = 90  # of the day's 100: ten are left for a look by hand
_LONGEST = 200  # characters of a question; YouTube names no limit (2026-11)
_PAGES = 10  # of a search: YouTube gives 500 videos at most


def planned(queries: Sequence[Query]) -> list[Planned]:
    """The questions for the brands; every word with a letter or digit in it is covered by one of them."""
    asked = shared(queries, _questions)
    return [one.planned(text, cost=2) for text, one in asked.items()]


def tonight(asked: list[Planned], window: Window, ask: Ask) -> tuple[list[Planned], int]:
    """The questions there are searches for and the pages of each; when not all can be asked they take turns."""
    most = searches(ask)
    if len(asked) > most:
        first = window.end.toordinal() * most % len(asked)
        asked = asked[first:] + asked[:first]
        with concerning(ask, (brand for one in asked[most:] for brand in one.brands)):
            ask.truncated = True
            ask.hint("questions_left")
    return asked[:most], min(_PAGES, most // max(1, len(asked[:most])))


def searches(ask: Ask) -> int:
    """How many searches a night may make. Raises ConfigError for what is no number of them."""
    given = ask.settings.get("RAYONNER_YOUTUBE_SEARCHES", "").strip() or str(_SEARCHES)
    if not given.isdecimal() or not 0 < int(given) <= 1_000_000:
        raise ConfigError(f"youtube: RAYONNER_YOUTUBE_SEARCHES is {given[:20]!r}: write a number of searches a night")
    return int(given)


def _questions(query: Query) -> Iterator[tuple[str, str]]:
    """(question, word) for each word a question covers."""
    phrases = shared([query], _phrases)
    wide = widest(phrases)
    for group in packed(wide, _LONGEST, "|"):
        yield from (("|".join(group), word) for text in group for word in wide[text].covers)


def _phrases(query: Query) -> Iterator[tuple[str, str]]:
    for word in words(query):
        if text := phrase(word):
            yield f'"{cut(text, _LONGEST - 2)}"', word
