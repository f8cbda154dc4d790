"""Counts of one post seen on successive days, read from CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline.collect import Ask
from pipeline.collect._columns import header_of
from pipeline.collect._draft import CLOCKS
from pipeline.collect._moments import EARLIEST, day_end, moment
from pipeline.collect._refusal import refusal
from pipeline.collect._rejects import Refuse
from pipeline.collect._rows import rows
from pipeline.collect._stream import Lines, chunks, lines, utf8
from pipeline.collect._values import count, identifier
from pipeline.errors import MalformedError, SchemaError
from pipeline.model import Engagement

_COUNTS = ("likes", "reposts", "replies", "quotes", "views")


def read(path: Path, ask: Ask, refuse: Refuse) -> Iterator[tuple[int, str, str, Engagement]]:
    """(line, source, post id, engagement) of each row. Raises SchemaError when the header lacks what is needed."""
    numbered = lines(utf8(chunks(path, ask)))
    header = _header(path, numbered, ask)
    at = {name: position for position, name in reversed(list(enumerate(header)))}
    default = ask.settings.get("source") or "x"
    for row in rows(numbered, ",", len(header)):
        try:
            if row.reason:
                raise refusal(row.reason)
            source = row.cells[at["source"]] if "source" in at else default
            yield row.line, source, _post_id(row.cells[at["post_id"]]), _seen(row.cells, at, ask)
        except MalformedError as error:
            refuse(row.line, error.reason, row.raw)


def _header(path: Path, numbered: Lines, ask: Ask) -> list[str]:
    for _, line in numbered:
        if line and line.strip():
            header = list(header_of(line.decode("utf-8", "replace").strip("\r"), ","))
            if {"post_id", "observed_on"} <= set(header) and set(_COUNTS) & set(header):
                return header
            raise SchemaError(f"{path.name}: expected columns post_id, observed_on and one of {', '.join(_COUNTS)}")
    ask.skip("empty_file")
    return []


def _post_id(cell: str) -> str:
    found = identifier(cell.strip())
    if found is None:
        raise refusal("bad_id")
    return found


def _seen(cells: list[str], at: dict[str, int], ask: Ask) -> Engagement:
    counts = [count(cells[at[name]].strip() or None, ask) if name in at else None for name in _COUNTS]
    if all(number is None for number in counts):
        raise refusal("no_counts")
    return Engagement(_observed(cells[at["observed_on"]].strip(), ask), *counts)


def _observed(cell: str, ask: Ask) -> datetime:
    observed_at = day_end(cell)
    if observed_at is None:
        observed_at, assumed = moment(cell)
        if assumed:
            ask.hint("no_zone")
    if not EARLIEST <= observed_at <= ask.now + CLOCKS:
        raise refusal("date_too_early" if observed_at < EARLIEST else "date_in_future")
    return observed_at
