"""Counts seen on posts, kept as dated observations: one is written when it tells something that was not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from operator import itemgetter

from sqlalchemy import Engine

from pipeline.model import Engagement
from pipeline.store import tables
from pipeline.store.database import Writing, writing
from pipeline.store.keys import post_key
from pipeline.store.rows import COUNTS, Row, counts_row
from pipeline.store.sql import among, put, rows_of

# Observations in one transaction: about 0.1 s of lock.
_BATCH = 5_000

Seen = dict[int, dict[datetime, Row]]


def save_engagement(engine: Engine, rows: Iterable[tuple[str, str, Engagement]], *, key: bytes) -> tuple[int, int, int]:
    """Store (source, post id, engagement) for posts already there: observations (written, same, of unknown posts).

    Any number of rows in bounded memory, some thousands a transaction; the same rows again write nothing.
    """
    written = same = unknown = 0
    for batch in _batches(_rows(rows, key)):
        with writing(engine) as work:
            known = among(work.connection, tables.post.c.post_key, {own for own, _ in batch})
            news = observe(work, [row for own, row in batch if row and own in known])
        ours = sum(own in known for own, _ in batch)
        written, same, unknown = written + news, same + ours - news, unknown + len(batch) - ours
    return written, same, unknown


def observe(work: Writing, seen: list[Row]) -> int:
    """Write the observations that tell something new of their post; how many."""
    kept: Seen = {}
    for row in rows_of(work.connection, tables.engagement.c.post_key, {row["post_key"] for row in seen}):
        kept.setdefault(row["post_key"], {})[row["observed_at"]] = row
    return put(work, tables.engagement, news(kept, seen))


def news(kept: Seen, seen: Iterable[Row]) -> list[Row]:
    """The rows to write, oldest first, so that the order within a batch does not matter; `kept` is brought up to date.

    Counts equal to the last known before them are no news; a count that is unknown now is none either. Two readings
    of one moment become one, with the greater of each count.
    """
    readings: dict[tuple[datetime, int], Row] = {}
    for row in seen:
        at = row["observed_at"], row["post_key"]
        readings[at] = _joined(readings.get(at), row)
    fresh: list[Row] = []
    for (moment, own), row in sorted(readings.items(), key=itemgetter(0)):
        moments = kept.setdefault(own, {})
        told = _joined(moments.get(moment), row)
        if told != moments.get(moment) and (moment in moments or _tells(moments, told)):
            moments[moment] = told
            fresh.append(told)
    return fresh


def _joined(stored: Row | None, seen: Row) -> Row:
    """Both readings of one moment as one."""
    if stored is None:
        return seen
    both = {name: [n for n in (stored[name], seen[name]) if n is not None] for name in COUNTS}
    return stored | {name: max(counts, default=None) for name, counts in both.items()}


def _tells(moments: dict[datetime, Row], seen: Row) -> bool:
    """Whether a count differs from the last known before it."""
    open_counts = {name for name in COUNTS if seen[name] is not None}
    for moment in sorted((m for m in moments if m < seen["observed_at"]), reverse=True):
        for name in [n for n in open_counts if moments[moment][n] is not None]:
            if moments[moment][name] != seen[name]:
                return True
            open_counts.remove(name)
        if not open_counts:
            return False
    return True


def _rows(rows: Iterable[tuple[str, str, Engagement]], key: bytes) -> Iterator[tuple[int, Row | None]]:
    for source, post_id, seen in rows:
        own = post_key(key, source, post_id)
        yield own, counts_row(own, seen)


def _batches(rows: Iterator[tuple[int, Row | None]]) -> Iterator[list[tuple[int, Row | None]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
