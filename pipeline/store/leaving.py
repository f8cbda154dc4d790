"""How posts leave: their text when its time is over, they themselves when they or their author must go."""

from __future__ import annotations

import logging
from datetime import date

from sqlalchemy import ColumnElement, Engine, delete, select, update

from pipeline.store import tables
from pipeline.store.database import Writing, reading, writing
from pipeline.store.faults import told
from pipeline.store.keys import author_key, post_key
from pipeline.store.sql import among, cut, put

log = logging.getLogger(__name__)

# Posts in one transaction: about 0.1 s of lock.
_BATCH = 5_000

_post, _mention = tables.post.c, tables.mention.c


def expire(engine: Engine, today: date) -> dict[str, int]:
    """Take out text, link, id and evidence of every post whose day has come (`expires_on` <= `today`).

    What is left says how many spoke of a brand and in what tone, not what anyone wrote. Some thousands of posts a
    transaction; killed half-way, the next call does the rest. Returns {"posts": n, "mentions": n}.
    """
    done = {"posts": 0, "mentions": 0}
    due = select(_post.post_key).where(_post.expires_on <= today, _post.text.is_not(None)).limit(_BATCH)
    while True:
        with writing(engine) as work:
            keys = work.connection.execute(due).scalars().all()
            if not keys:
                break
            gone = {"text": None, "url": None, "post_id": None, "revision": work.revision()}
            work.connection.execute(update(tables.post).where(_post.post_key.in_(keys)).values(gone))
            held = _mention.post_key.in_(keys) & _mention.evidence.is_not(None)
            blank = update(tables.mention).where(held).values(evidence=None, revision=work.revision())
            done["mentions"] += work.connection.execute(blank).rowcount
            done["posts"] += len(keys)
    _overwrite(engine)
    return done


def forget(engine: Engine, source: str, post_id: str, key: bytes, on: date | None = None) -> int:
    """Delete a post (gone upstream, or on request) and its reposts; how many were there.

    A trace of its key stays, so that the build deletes it too and no later import brings it back.
    """
    return _delete(engine, {post_key(key, source, post_id)}, on)


def oppose(engine: Engine, source: str, author_id: str, key: bytes, on: date) -> int:
    """Put an author on the opposition list and delete all their posts and the reposts of them; how many were there.

    The list is read by every write from then on. Asking twice changes nothing.
    """
    author = author_key(key, source, author_id)
    with writing(engine) as work:
        if not among(work.connection, tables.opposition.c.author_key, {author}):
            put(work, tables.opposition, [{"author_key": author, "asked_on": on}])
    # The list stands: nothing of theirs can arrive any more, so their posts are looked for without a lock.
    return _delete(engine, _keys(engine, _post.author_key == author), on)


def _delete(engine: Engine, keys: set[int], on: date | None) -> int:
    deleted = 0
    for some in cut(sorted(keys), _BATCH):
        with writing(engine) as work:
            passed_on = select(_post.post_key).where(_post.repost_of_key.in_(some))
            every = {*some, *work.connection.execute(passed_on).scalars()}
            deleted += _erase(work, every, on)
    _overwrite(engine)
    return deleted


def _erase(work: Writing, keys: set[int], on: date | None) -> int:
    for table in (tables.mention, tables.engagement):
        work.connection.execute(delete(table).where(table.c.post_key.in_(keys)))
    deleted = work.connection.execute(delete(tables.post).where(_post.post_key.in_(keys))).rowcount
    known = among(work.connection, tables.deletion.c.post_key, keys)
    put(work, tables.deletion, [{"post_key": own, "deleted_at": on} for own in keys - known])
    return deleted


def _keys(engine: Engine, wanted: ColumnElement[bool]) -> set[int]:
    with reading(engine) as connection:
        return set(connection.execute(select(_post.post_key).where(wanted)).scalars())


def _overwrite(engine: Engine) -> None:
    """Empty SQLite's log, which still holds the pages as they were; PostgreSQL's autovacuum does its own part."""
    if engine.dialect.name != "sqlite":
        return
    with told(engine), engine.connect().execution_options(begin="") as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    if busy:
        log.warning("a reader holds the store's log: expired text leaves it at the next upkeep")
