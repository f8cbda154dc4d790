"""CSV read row by row from lines that may be broken: one bad row costs one line, never the rest of the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.collect._stream import Lines

# A post of 1 MB is kept (cut); a field beyond 4 MB is a quote that was never closed.
_FIELD = 4 << 20
# How many characters a row may spread over several lines before its quote is held to be broken.
_PATIENCE = 4 << 20
# In a file that fails again and again: some lines, so that such a file costs some times its length.
_LEAST_PATIENCE = 256


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line, its cells, or the reason why it has none."""

    line: int
    cells: list[str]
    raw: str
    reason: str | None = None


class _Feed:
    """Hands lines to csv.reader and remembers those of the row being read, so that a broken row can be given back.

    What is read ahead in vain is paid for: after each failure the feed reads half as far ahead, and earns it back by
    as much as it reads well. So a hostile file is read in linear time.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()
        self._patience = _PATIENCE
        self._length = 0
        self.taken: list[tuple[int, str]] = []
        self.ran_out = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.taken and self._length > self._patience:
            self.ran_out = True
            raise StopIteration
        try:
            number, text = self._again.popleft() if self._again else _decoded(*next(self._lines))
        except StopIteration:
            self.ran_out = bool(self.taken)
            raise
        self.taken.append((number, text))
        self._length += len(text)
        return text

    def begin(self) -> None:
        """Forget the row that was read well."""
        self._patience = min(_PATIENCE, self._patience + self._length)
        self.taken, self._length, self.ran_out = [], 0, False

    def give_back(self) -> None:
        """Keep the first line of the broken row out, and read the others again."""
        self._again.extendleft(reversed(self.taken[1:]))
        if len(self.taken) > 1:
            self._patience = max(_LEAST_PATIENCE, self._patience // 2)
        self.taken, self._length, self.ran_out = [], 0, False


def _decoded(number: int, line: bytes | None) -> tuple[int, str]:
    """The line as text with its end; bytes that are not UTF-8 become lone surrogates, found again in `_fault`."""
    if line is None:
        return number, "\udcff\n"
    return number, line.removesuffix(b"\r").decode("utf-8", "surrogateescape") + "\n"


def rows(lines: Lines, delimiter: str, width: int) -> Iterator[Row]:
    """Rows of `width` cells; any other row is given with the reason and without cells. Blank lines are passed over."""
    csv.field_size_limit(_FIELD)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
            reason = _fault(cells, feed, width)
        except StopIteration:
            return
        except csv.Error:
            cells, reason = [], "broken_row"
        number, raw = feed.taken[0]
        if reason:
            feed.give_back()
            reader = csv.reader(feed, delimiter=delimiter)
            yield Row(number, [], raw, reason)
        elif cells:
            yield Row(number, cells, raw)
        if not reason:
            feed.begin()


def _fault(cells: list[str], feed: _Feed, width: int) -> str | None:
    if feed.ran_out:
        return "open_quote"
    if cells and len(cells) != width:
        return "wrong_columns"
    try:
        for _, text in feed.taken:
            text.encode("utf-8")
    except UnicodeEncodeError:
        return "not_utf8"
    return None
