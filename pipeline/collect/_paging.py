"""Walking from page to page without walking for ever: repeated cursors, identical pages, pages that never end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.collect import Ask

log = logging.getLogger(__name__)

T = TypeVar("T")

# 200 pages of 40 posts are more than any tag of a territory gets in a day; a platform that gives more is broken.
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page: what it holds, the cursor or address of the following one (None: the last), and a mark of its content.

    Two pages in a row with the same mark are one page given twice; an empty page has the mark None.
    """

    held: T
    following: str | None
    mark: Hashable = None


def pages(ask: Ask, first: str, turn: Callable[[str], Page[T]], most: int = MOST_PAGES) -> Iterator[T]:
    """What each page holds, from the cursor or address `first` on.

    Where pages repeat themselves or never end the walk stops, `ask.truncated` is set, and the stop is counted as
    `repeated_cursor`, `repeated_page` or `endless_pages`.
    """
    cursor, asked, mark = first, set[str](), None
    while True:
        if cursor in asked or len(asked) >= most:
            _stop(ask, "repeated_cursor" if cursor in asked else "endless_pages")
            return
        asked.add(cursor)
        page = turn(cursor)
        if page.mark is not None and page.mark == mark:
            _stop(ask, "repeated_page")
            return
        yield page.held
        if page.following is None:
            return
        cursor, mark = page.following, page.mark


def _stop(ask: Ask, reason: str) -> None:
    log.warning("paging stopped: %s", reason)
    ask.truncated = True
    ask.skip(reason)
