"""How posts leave: their text when its time is over, they themselves when they or their author must go."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, select, update

from pipeline.collect import Gone
from pipeline.model import night_of
from pipeline.store import tables
from pipeline.store.database import Writing, reading, writing
from pipeline.store.faults import told
from pipeline.store.figures import expire_figures
from pipeline.store.keys import author_key, post_key
from pipeline.store.moment import Moment
from pipeline.store.rows import Row
from pipeline.store.sql import among, cut, one_of, put

log = logging.getLogger(__name__)

# Posts in one transaction: about 0.1 s of lock.
_BATCH = 5_000

_post, _mention, _recheck = tables.post.c, tables.mention.c, tables.recheck.c

# The platform that told, when it was gone at the earliest, and when it left the store.
Trace = tuple[str, datetime | None, datetime]


def expire(engine: Engine, today: date, figures_of: Collection[str] = ()) -> dict[str, int]:
    """Take out text, link, id and evidence of every post whose day has come (`expires_on` <= `today`).

    What is left says how many spoke of a brand and in what tone, not what anyone wrote; of the sources `figures_of`
    counts, followers and reach go too. Some thousands of posts a transaction; killed half-way, the next call does the
    rest. Returns {"posts": n, "mentions": n, "figures": posts that lost theirs}.
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
            looks = delete(tables.recheck).where(one_of(work.connection, _recheck.post_key, keys))
            work.connection.execute(looks)
            blank = update(tables.mention).where(held).values(evidence=None, revision=work.revision())
            done["mentions"] += work.connection.execute(blank).rowcount
            done["posts"] += len(keys)
    done["figures"] = expire_figures(engine, figures_of)
    overwrite(engine)
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
        borne = select(_post.handle_key).where(_post.author_key == author, _post.handle_key.is_not(None))
        work.connection.execute(delete(tables.addressed).where(tables.addressed.c.handle_key.in_(borne)))
    # The list stands: nothing of theirs can arrive any more, so their posts are looked for without a lock.
    return _delete(engine, _keys(engine, _post.author_key == author), on)


def told_gone(engine: Engine, gone: Sequence[Gone], source: str, key: bytes) -> list[Gone]:
    """Those of a platform's deletions that concern posts kept here; the others are of no use and leave no trace."""
    posts, authors = _named(gone, source, key)
    with reading(engine) as connection:
        kept = among(connection, _post.post_key, posts)
        met = among(connection, _post.author_key, authors)  # reads every post: ask for many at once
    return [*(posts[own] for own in kept), *(authors[own] for own in met)]


def leave(work: Writing, gone: Sequence[Gone], source: str, key: bytes, at: datetime) -> int:
    """Delete what a platform says is gone, at the moment `at`, with its reposts; how many posts were there.

    Unknown posts leave no trace. Where the platform does not tell when, it was after the last look at the post.
    """
    posts, authors = _named(gone, source, key)
    after = {own: posts[own].at for own in among(work.connection, _post.post_key, posts)}
    if authors:
        by = select(_post.post_key, _post.author_key).where(one_of(work.connection, _post.author_key, authors))
        after |= {own: authors[author].at for own, author in work.connection.execute(by)}
    if not after:
        return 0
    looks = last_looks(work.connection, after)
    traces = {own: (source, moment or looks[own], at) for own, moment in after.items()}
    passed_on = work.connection.execute(
        select(_post.post_key, _post.repost_of_key).where(one_of(work.connection, _post.repost_of_key, after))
    )
    traces |= {own: traces[of] for own, of in passed_on if own not in traces}
    return _erase(work, traces)


def last_looks(connection: Connection, keys: Collection[int]) -> dict[int, datetime]:
    """When each post was last seen on its platform: at a second look, else when this version of it came."""
    looked = func.coalesce(_recheck.checked_at, _post.seen_at, type_=Moment)
    last = and_(_recheck.post_key == _post.post_key, _recheck.age_days == 0)
    query = select(_post.post_key, looked).select_from(tables.post.outerjoin(tables.recheck, last))
    found = connection.execute(query.where(one_of(connection, _post.post_key, keys)))
    return {row.post_key: row[1] for row in found}


def delays(engine: Engine, since: datetime) -> dict[str, list[float]]:
    """Hours from a post's end on its platform to its end here, by source, for those applied since; never negative.

    Where the platform does not tell when, the last look before stands for it: the delay is then the longest it can be.
    """
    gone = tables.deletion.c
    terms = (gone.applied_at >= since, gone.source.is_not(None), gone.gone_after.is_not(None))
    found: dict[str, list[float]] = {}
    with reading(engine) as connection:
        for source, after, at in connection.execute(
            select(gone.source, gone.gone_after, gone.applied_at).where(*terms)
        ):
            found.setdefault(source, []).append(max(0.0, (at - after).total_seconds() / 3600))
    return found


def _named(gone: Sequence[Gone], source: str, key: bytes) -> tuple[dict[int, Gone], dict[int, Gone]]:
    posts = {post_key(key, source, one.post_id): one for one in gone if one.post_id is not None}
    authors = {
        author_key(key, source, one.author_id): one for one in gone if one.post_id is None and one.author_id is not None
    }
    return posts, authors


def _delete(engine: Engine, keys: set[int], on: date | None) -> int:
    deleted = 0
    for some in cut(sorted(keys), _BATCH):
        with writing(engine) as work:
            passed_on = select(_post.post_key).where(_post.repost_of_key.in_(some))
            every = {*some, *work.connection.execute(passed_on).scalars()}
            deleted += _erase(work, dict.fromkeys(every), on)
    overwrite(engine)
    return deleted


def _erase(work: Writing, traces: Mapping[int, Trace | None], on: date | None = None) -> int:
    """Delete the posts and all that is known of them; `traces` say for each who told, since when, and the moment."""
    keys = set(traces)
    for table in (tables.mention, tables.addressed, tables.engagement, tables.recheck):
        work.connection.execute(delete(table).where(one_of(work.connection, table.c.post_key, keys)))
    deleted = work.connection.execute(delete(tables.post).where(one_of(work.connection, _post.post_key, keys))).rowcount
    known = among(work.connection, tables.deletion.c.post_key, keys)
    put(work, tables.deletion, [_trace(own, traces[own], on) for own in keys - known])
    return deleted


def _trace(own: int, told: Trace | None, on: date | None) -> Row:
    source, after, at = told or (None, None, None)
    day = night_of(at) if at else on
    return {"post_key": own, "deleted_at": day, "source": source, "gone_after": after, "applied_at": at}


def _keys(engine: Engine, wanted: ColumnElement[bool]) -> set[int]:
    with reading(engine) as connection:
        return set(connection.execute(select(_post.post_key).where(wanted)).scalars())


def overwrite(engine: Engine) -> None:
    """Empty SQLite's log, which still holds the pages as they were; PostgreSQL's autovacuum does its own part."""
    if engine.dialect.name != "sqlite":
        return
    with told(engine), engine.connect().execution_options(begin="") as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    if busy:
        log.warning("a reader holds the store's log: expired text leaves it at the next upkeep")
