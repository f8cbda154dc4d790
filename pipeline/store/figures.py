"""How a platform's own figures leave with the text, where its terms let nobody keep them longer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Engine, or_, select, update

from pipeline.store import tables
from pipeline.store.database import reading, writing
from pipeline.store.rows import COUNTS
from pipeline.store.sql import cut, one_of

# Posts in one transaction: about 0.1 s of lock.
_BATCH = 5_000

_post = tables.post.c
# Reach is estimated from followers, so it goes with them.
_AUDIENCE = ("followers", "reach_low", "reach_central", "reach_high")

_counted = or_(*(tables.engagement.c[name].is_not(None) for name in COUNTS))
_followed = or_(*(_post[name].is_not(None) for name in _AUDIENCE))


def expire_figures(engine: Engine, sources: Collection[str]) -> int:
    """Make counts, followers and reach of the posts of `sources` unknown once their text is gone; posts concerned.

    The rows stay with a new revision, so that the next build takes the figures out too. One read of all posts, then
    some thousands a transaction; what is seen anew of an old post goes at the next call.
    """
    if not sources:
        return 0
    keys = _figured(engine, sources)
    for some in cut(keys, _BATCH):
        _blank(engine, some)
    return len(keys)


def _figured(engine: Engine, sources: Collection[str]) -> Sequence[int]:
    seen = select(tables.engagement.c.post_key).where(tables.engagement.c.post_key == _post.post_key, _counted)
    gone = (_post.source.in_(sorted(sources)), _post.text.is_(None))
    query = select(_post.post_key).where(*gone, or_(_followed, seen.exists())).order_by(_post.post_key)
    with reading(engine) as connection:
        return connection.execute(query).scalars().all()


def _blank(engine: Engine, keys: Sequence[int]) -> None:
    with writing(engine) as work:
        seen, revision = one_of(work.connection, tables.engagement.c.post_key, keys), {"revision": work.revision()}
        counts = update(tables.engagement).where(seen, _counted).values(dict.fromkeys(COUNTS) | revision)
        work.connection.execute(counts)
        posts = one_of(work.connection, _post.post_key, keys)
        work.connection.execute(update(tables.post).where(posts, _followed).values(dict.fromkeys(_AUDIENCE) | revision))
