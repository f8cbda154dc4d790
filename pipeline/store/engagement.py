"""Counts seen on posts, kept as dated observations: one is written when it tells something that was not known.

That a post had gathered no more when it came of age is such a thing: without it, nobody could tell a post that was
looked at from one that was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from operator import itemgetter

from sqlalchemy import Connection, Engine, select

from pipeline.model import Engagement
from pipeline.store import tables
from pipeline.store.database import Writing, writing
from pipeline.store.keys import post_key
from pipeline.store.rows import COUNTS, Row, counts_row
from pipeline.store.sql import one_of, put, rows_of

# Observations in one transaction: about 0.1 s of lock.
_BATCH = 5_000

# Days after which figures are published, and how long before a count may have been seen to stand for that age: the
# numbers of sql/marts/post_engagement.sql, where their reasons are.
NEAR = {1: timedelta(hours=13), 7: timedelta(days=1), 28: timedelta(days=1)}

Seen = dict[int, dict[datetime, Row]]


def save_engagement(engine: Engine, rows: Iterable[tuple[str, str, Engagement]], *, key: bytes) -> tuple[int, int, int]:
    """Store (source, post id, engagement) for posts already there: observations (written, same, of unknown posts).

    Any number of rows in bounded memory, some thousands a transaction; the same rows again write nothing.
    """
    written = same = unknown = 0
    for batch in _batches(_rows(rows, key)):
        with writing(engine) as work:
            known = written_at(work.connection, {own for own, _ in batch})
            news = observe(work, [row for own, row in batch if row and own in known], known)
        ours = sum(own in known for own, _ in batch)
        written, same, unknown = written + news, same + ours - news, unknown + len(batch) - ours
    return written, same, unknown


def written_at(connection: Connection, keys: Iterable[int]) -> dict[int, datetime]:
    """When those of the posts that are kept were written."""
    post = tables.post.c
    query = select(post.post_key, post.created_at).where(one_of(connection, post.post_key, list(keys)))
    return {row.post_key: row.created_at for row in connection.execute(query)}


def observe(work: Writing, seen: list[Row], made: Mapping[int, datetime]) -> int:
    """Write the observations that tell something new of their post, `made` being when it was written; how many."""
    kept: Seen = {}
    for row in rows_of(work.connection, tables.engagement.c.post_key, {row["post_key"] for row in seen}):
        kept.setdefault(row["post_key"], {})[row["observed_at"]] = row
    return put(work, tables.engagement, news(kept, seen, made))


def news(kept: Seen, seen: Iterable[Row], made: Mapping[int, datetime]) -> list[Row]:
    """The rows to write, oldest first, so that the order within a batch does not matter; `kept` is brought up to date.

    Counts equal to the last known before them are no news, unless they are the first seen near an age; a count that is
    unknown now is none either. Two readings of one moment become one, with the greater of each count.
    """
    readings: dict[tuple[datetime, int], Row] = {}
    for row in seen:
        at = row["observed_at"], row["post_key"]
        readings[at] = _joined(readings.get(at), row)
    fresh: list[Row] = []
    for (moment, own), row in sorted(readings.items(), key=itemgetter(0)):
        moments = kept.setdefault(own, {})
        told = _joined(moments.get(moment), row)
        if told != moments.get(moment) and (moment in moments or _tells(moments, told, made[own])):
            moments[moment] = told
            fresh.append(told)
    return fresh


def _joined(stored: Row | None, seen: Row) -> Row:
    """Both readings of one moment as one."""
    if stored is None:
        return seen
    both = {name: [n for n in (stored[name], seen[name]) if n is not None] for name in COUNTS}
    return stored | {name: max(counts, default=None) for name, counts in both.items()}


def _tells(moments: dict[datetime, Row], seen: Row, made: datetime) -> bool:
    """Whether a count differs from the last known before it, or is the first one near an age."""
    if _comes_of_age(moments, seen, made):
        return True
    open_counts = {name for name in COUNTS if seen[name] is not None}
    for moment in sorted((m for m in moments if m < seen["observed_at"]), reverse=True):
        for name in [n for n in open_counts if moments[moment][n] is not None]:
            if moments[moment][name] != seen[name]:
                return True
            open_counts.remove(name)
        if not open_counts:
            return False
    return True


def _comes_of_age(moments: Iterable[datetime], seen: Row, made: datetime) -> bool:
    """Whether it is the first look near an age. Ages are differences: a date may be the last of the calendar."""
    looks = [_age_near(moment - made) for moment in moments]
    age = _age_near(seen["observed_at"] - made)
    return age is not None and age not in looks


def _age_near(old: timedelta) -> int | None:
    """The age that a count of a post so old stands for."""
    ages = (age for age, near in NEAR.items() if timedelta(days=age) - near <= old <= timedelta(days=age))
    return next(ages, None)


def _rows(rows: Iterable[tuple[str, str, Engagement]], key: bytes) -> Iterator[tuple[int, Row | None]]:
    for source, post_id, seen in rows:
        own = post_key(key, source, post_id)
        yield own, counts_row(own, seen)


def _batches(rows: Iterator[tuple[int, Row | None]]) -> Iterator[list[tuple[int, Row | None]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
