"""Keep what a batch of posts says: posts, mentions, counts and cursor in one transaction, twice is once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, Engine, select

from pipeline.collect import Gone
from pipeline.store import merge, tables
from pipeline.store.database import Writing, reading, writing
from pipeline.store.engagement import Seen, news
from pipeline.store.leaving import leave
from pipeline.store.nights import add_late
from pipeline.store.rows import Found, Incoming, Row, fit, fit_batch, incoming, writable, zoned
from pipeline.store.sql import among, put, rows_of


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a source stopped, in its own words; `moved_at` is the start of the night that moved it."""

    source: str
    name: str
    value: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch, post by post: their sum is its length.

    `opposed` were refused, because their author asked not to be counted or the post was deleted upstream. `left` are
    the posts that were taken out, which are not of the batch alone.
    """

    new: int
    changed: int
    same: int
    opposed: int
    left: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a platform said beside posts: which of its posts are `gone`, as of the moment `at`."""

    source: str
    gone: Sequence[Gone]
    at: datetime


@dataclass(slots=True)
class _Kept:
    """What the store holds of a batch's posts, brought up to date in memory before anything is written."""

    posts: dict[int, Row]
    mentions: dict[int, dict[str, Row]]
    counts: Seen
    addressed: dict[int, set[int]] = field(default_factory=dict)
    written: tuple[dict[int, Row], dict[tuple[int, str], Row], dict[tuple[int, datetime], Row], list[Row]] = field(
        default_factory=lambda: ({}, {}, {}, [])
    )


def save_found(
    engine: Engine,
    found: Sequence[Found],
    *,
    key: bytes,
    matcher: str,
    files: Mapping[str, str] | None = None,
    cursor: Cursor | None = None,
    brands: Collection[str] = (),
    told: Told | None = None,
    late_for: tuple[str, date] | None = None,
) -> Saved:
    """Store a batch, then take out what is `told` to be gone, then move the cursor, all in one transaction.

    `late_for` is the (source, night) that was asked before: new posts are counted as late there, once whatever happens.
    A replay writes nothing. The newest version of a post wins by `seen_at`, in the batch as in the store; an edit
    drops the scores of its mentions; expired text never returns. `brands` names what was listened for: a mention of
    one of them that the rules no longer find is refused; without it such mentions stay as they are. `files` tells by
    which version of its file each brand was looked for.
    Raises ValueError for a time without zone or a name longer than its column, MalformedError for a date outside the
    calendar, BusyError when others keep the store for too long, FatalError when a human must act.
    """
    batch = [incoming(one, key, matcher, files) for one in found]
    fit_batch(batch)
    with writing(engine) as work:
        refused = _refused(work.connection, batch)
        welcome = [one for one in batch if not _is_refused(one, refused)]
        kept = _kept(work.connection, welcome)
        became = [_take(kept, one, frozenset(brands)) for one in welcome]
        _write(work, kept)
        if late_for:
            fresh = (one for one, so in zip(welcome, became, strict=True) if so == "new")
            add_late(work, *late_for, Counter(_accepted(fresh)))
        left = leave(work, told.gone, told.source, key, told.at) if told and told.gone else 0
        if cursor:
            _move(work, cursor)
    count = Counter(became)
    return Saved(count["new"], count["changed"], count["same"], len(batch) - len(welcome), left)


def _accepted(posts: Iterable[Incoming]) -> Iterator[str]:
    """The brands that the posts are about, once for each post."""
    return (brand for one in posts for brand, mention in one.mentions.items() if mention["accepted"])


def cursor(engine: Engine, source: str, name: str) -> str | None:
    """Where the source stopped, or None when it never started."""
    with reading(engine) as connection:
        return _stopped(connection, source, name).get("value")


def _refused(connection: Connection, batch: Sequence[Incoming]) -> tuple[set[int], set[int]]:
    """The authors of the batch who opposed, and its posts (or what they pass on) that were deleted."""
    authors = {one.post["author_key"] for one in batch} - {None}
    posts = {one.post[name] for one in batch for name in ("post_key", "repost_of_key")} - {None}
    return among(connection, tables.opposition.c.author_key, authors), among(
        connection, tables.deletion.c.post_key, posts
    )


def _is_refused(one: Incoming, refused: tuple[set[int], set[int]]) -> bool:
    authors, posts = refused
    row = one.post
    return row["author_key"] in authors or row["post_key"] in posts or row["repost_of_key"] in posts


def _kept(connection: Connection, batch: Sequence[Incoming]) -> _Kept:
    keys = {one.post["post_key"] for one in batch}
    kept = _Kept({row["post_key"]: row for row in rows_of(connection, tables.post.c.post_key, keys)}, {}, {})
    known = kept.posts.keys()
    for row in rows_of(connection, tables.mention.c.post_key, known):
        kept.mentions.setdefault(row["post_key"], {})[row["brand"]] = row
    for row in rows_of(connection, tables.engagement.c.post_key, known):
        kept.counts.setdefault(row["post_key"], {})[row["observed_at"]] = row
    for row in rows_of(connection, tables.addressed.c.post_key, known):
        kept.addressed.setdefault(row["post_key"], set()).add(row["handle_key"])
    return kept


def _take(kept: _Kept, one: Incoming, scope: frozenset[str]) -> str:
    """Bring the batch's state up to date with one post; whether it was new, changed or the same."""
    own = one.post["post_key"]
    stored = kept.posts.get(own)
    row, again = merge.post(stored, one.post)
    mine = kept.mentions.setdefault(own, {})
    changed = one.mentions
    if stored is not None:
        changed = merge.mentions(mine, one.mentions, again, expired=row["text"] is None, scope=scope)
    counts = news(kept.counts, one.counts, {own: row["created_at"]})
    posts, mentions, observations, handles = kept.written
    if row is not stored:
        kept.posts[own] = posts[own] = row
    mine.update(changed)
    mentions.update({(own, brand): mention for brand, mention in changed.items()})
    observations.update({(own, count["observed_at"]): count for count in counts})
    # Whoever a version of the text addressed stays so: the order in which versions arrive does not matter.
    fresh = one.addressed - kept.addressed.setdefault(own, set())
    kept.addressed[own] |= fresh
    handles.extend({"post_key": own, "handle_key": handle} for handle in fresh)
    if stored is None:
        return "new"
    return "changed" if row is not stored or changed or counts or fresh else "same"


def _write(work: Writing, kept: _Kept) -> None:
    posts, mentions, counts, handles = kept.written
    put(work, tables.post, posts.values())
    put(work, tables.addressed, handles)
    put(work, tables.mention, mentions.values())
    put(work, tables.engagement, counts.values())


def _stopped(connection: Connection, source: str, name: str) -> Row:
    at = tables.cursor.c
    found = connection.execute(select(tables.cursor).where(at.source == source, at.name == name)).mappings().first()
    return dict(found) if found else {}


def _move(work: Writing, cursor: Cursor) -> None:
    """Move the cursor, never back in time: an old batch that is replayed must not undo a newer night."""
    fit(tables.cursor, "source", [cursor.source])
    fit(tables.cursor, "name", [cursor.name])
    stopped = _stopped(work.connection, cursor.source, cursor.name)
    if stopped and stopped["moved_at"] > zoned(cursor.moved_at):
        return
    row = {"source": cursor.source, "name": cursor.name}
    put(work, tables.cursor, [row | {"value": writable(cursor.value), "moved_at": cursor.moved_at}])
