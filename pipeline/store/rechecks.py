"""Second looks: which kept posts are due for one, and what each look told, so that no look is made twice.

A figure "at 7 days" is the last one seen shortly before that age (sql/marts/post_engagement.sql), so a look for an age
is made in the hours before it, never after: `lead` is how many. An age that was missed has no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, and_, func, or_, select

from pipeline.collect import Again, Gone
from pipeline.store import tables
from pipeline.store.database import reading, writing
from pipeline.store.engagement import observe, written_at
from pipeline.store.keys import post_key
from pipeline.store.leaving import leave
from pipeline.store.moment import Moment
from pipeline.store.rows import Row, counts_row
from pipeline.store.sql import put

# Days after which a post's counts are compared with others' of the same age.
AGES = (1, 3, 7, 28)

# Upkeep that was away for longer leaves the ages it slept through unwritten: unknown either way.
_LOOK_BACK = timedelta(days=7)

_post, _look = tables.post.c, tables.recheck.c

_last = tables.recheck.alias("last")
_seen_last = func.coalesce(_last.c.checked_at, _post.seen_at, type_=Moment).label("looked")


@dataclass(frozen=True, slots=True)
class Due:
    """A kept post, its platform's id, when it was written, and when it was last looked at."""

    post_key: int
    post_id: str
    created_at: datetime
    looked: datetime


@dataclass(frozen=True, slots=True)
class Looks:
    """What a batch of second looks told: posts looked at, observations that were news, posts taken out."""

    seen: int = 0
    observed: int = 0
    left: int = 0


def unseen(engine: Engine, source: str, before: datetime, limit: int, after: Due | None = None) -> list[Due]:
    """Kept posts of a source not looked at since `before`, the longest unseen first, from `after` on."""
    terms = [_seen_last <= before]
    if after:
        same = and_(_seen_last == after.looked, _post.post_key > after.post_key)
        terms.append(or_(_seen_last > after.looked, same))
    query = _kept(source).where(*terms).order_by(_seen_last, _post.post_key).limit(limit)
    return _read(engine, query)


def coming_of_age(
    engine: Engine, source: str, age: int, now: datetime, lead: timedelta, limit: int, after: Due | None = None
) -> list[Due]:
    """Kept posts that reach `age` days before `now` + `lead`, or did lately, and of which no look says so yet."""
    first, last = now - timedelta(days=age) - _LOOK_BACK, now - timedelta(days=age) + lead
    known = select(_look.post_key).where(_look.post_key == _post.post_key, _look.age_days == age)
    terms = [_post.created_at >= first, _post.created_at < last, ~known.exists()]
    if after:
        same = and_(_post.created_at == after.created_at, _post.post_key > after.post_key)
        terms.append(or_(_post.created_at > after.created_at, same))
    query = _kept(source).where(*terms).order_by(_post.created_at, _post.post_key).limit(limit)
    return _read(engine, query)


def settle(engine: Engine, age: int, posts: Sequence[Due], now: datetime, lead: timedelta) -> list[Due]:
    """Write which of the posts were seen in time for `age` and which were missed; gives those that wait for a look."""
    rows, waiting = list[Row](), list[Due]()
    for post in posts:
        reached = post.created_at + timedelta(days=age)
        if reached - lead <= post.looked <= reached:
            rows.append(_row(post.post_key, age, post.looked, "seen"))
        elif reached < now:
            rows.append(_row(post.post_key, age, now, "missed"))
        else:
            waiting.append(post)
    if rows:
        with writing(engine) as work:
            put(work, tables.recheck, rows)
    return waiting


def save_looks(
    engine: Engine, source: str, answers: Iterable[Again], *, key: bytes, at: datetime, lead: timedelta
) -> Looks:
    """Store what second looks told at the moment `at`: counts, the looks themselves, and what is gone is taken out.

    One transaction; the same answers again write no count twice. Posts that are not kept any more are passed over.
    """
    told = {post_key(key, source, one.post_id): one for one in answers}
    gone = [Gone(post_id=one.post_id) for one in told.values() if one.gone]
    with writing(engine) as work:
        there = {own: made for own, made in written_at(work.connection, told).items() if not told[own].gone}
        counts = [counts_row(own, seen) for own in there if (seen := told[own].engagement)]
        observed = observe(work, [row for row in counts if row], there)
        put(work, tables.recheck, [row for own, made in there.items() for row in _looked(own, made, at, lead)])
        left = leave(work, gone, source, key, at) if gone else 0
    return Looks(len(there), observed, left)


def overdue(engine: Engine, source: str, before: datetime) -> int:
    """How many kept posts of a source were not looked at since `before`."""
    query = select(func.count()).select_from(_kept(source).where(_seen_last <= before).subquery())
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def _kept(source: str) -> Select[int, str | None, datetime, datetime]:
    is_last = and_(_last.c.post_key == _post.post_key, _last.c.age_days == 0)
    wanted = select(_post.post_key, _post.post_id, _post.created_at, _seen_last)
    kept = (_post.source == source, _post.text.is_not(None), _post.post_id.is_not(None))
    return wanted.select_from(tables.post.outerjoin(_last, is_last)).where(*kept)


def _read(engine: Engine, query: Select[int, str | None, datetime, datetime]) -> list[Due]:
    with reading(engine) as connection:
        return [Due(own, post_id or "", made, looked) for own, post_id, made, looked in connection.execute(query)]


def _looked(own: int, created_at: datetime, at: datetime, lead: timedelta) -> Iterable[Row]:
    """The last look of all, and those of the ages that the post is about to reach."""
    yield _row(own, 0, at, "seen")
    for age in AGES:
        if timedelta() <= created_at + timedelta(days=age) - at <= lead:
            yield _row(own, age, at, "seen")


def _row(own: int, age: int, at: datetime, outcome: str) -> Row:
    return {"post_key": own, "age_days": age, "checked_at": at, "outcome": outcome}
