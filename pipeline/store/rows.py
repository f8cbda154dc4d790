"""Turn what was found into the rows that will be compared with those kept; whatever the network sent, they fit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, Table

from pipeline.errors import MalformedError
from pipeline.model import Engagement, Mention, Ownership, Post, Reach, night_of
from pipeline.store import tables
from pipeline.store.handles import addressed
from pipeline.store.keys import author_key, handle_key, post_key

Row = dict[str, Any]

# NUL is refused by PostgreSQL and lone surrogates by UTF-8; one character replaces one, so offsets stay true.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")

# Databases count to 2**63 - 1; a greater or negative count is no count.
_MOST = 2**63 - 1

# Platforms whose links work without the author's name in them.
_NAMELESS_LINK = {"x": "https://x.com/i/status/{}"}

COUNTS = ("likes", "reposts", "replies", "quotes", "views")
IMAGE = ("themes", "audiences", "emotions", "senses")
SCORES = ("label", "score", "toward", "toward_score", "scorer", *IMAGE, "image_version")


@dataclass(frozen=True, slots=True)
class Found:
    """One post that may mention brands, with all that was computed of it; `expires_on` is when its text must go."""

    post: Post
    mentions: tuple[Mention, ...]
    lang: str | None
    reach: Reach
    ownership: Ownership
    expires_on: date
    cluster_key: int | None
    near_key: int | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """The rows of one Found: `mentions` by brand, `counts` the observations in which something was counted.

    `addressed` are the keys of the handles in its text.
    """

    post: Row
    mentions: dict[str, Row]
    counts: tuple[Row, ...]
    addressed: frozenset[int]


def read_by(matcher: str, files: Mapping[str, str] | None, brand: str) -> str:
    """What looked for a brand's mentions: the version of the rules, and of the brand's file where it is told."""
    return f"{matcher}+{files[brand]}" if files and brand in files else matcher


def incoming(found: Found, key: bytes, matcher: str, files: Mapping[str, str] | None = None) -> Incoming:
    """The rows of a post. Raises ValueError for a time without zone, MalformedError for one outside the calendar."""
    own = post_key(key, found.post.source, found.post.post_id)
    seen = (found.post.engagement, *found.post.engagement_later)
    return Incoming(
        post=_post(found, own, key),
        mentions={m.brand: mention_row(m, own, read_by(matcher, files, m.brand)) for m in found.mentions},
        counts=tuple(row for counts in seen if counts and (row := counts_row(own, counts))),
        addressed=frozenset(handle_key(key, found.post.source, handle) for handle in addressed(found.post)),
    )


def _post(found: Found, own: int, key: bytes) -> Row:
    post, reach, source = found.post, found.reach, found.post.source
    night = _night(post)
    return {
        "post_key": own,
        "source": source,
        "post_id": writable(post.post_id),
        "author_key": author_key(key, source, post.author_id) if post.author_id else None,
        "handle_key": handle_key(key, source, post.author_handle) if post.author_handle else None,
        "text": writable(post.text),
        "url": _link(post),
        "lang": found.lang,
        "kind": post.kind,
        "ownership": found.ownership,
        "repost_of_key": post_key(key, source, post.repost_of) if post.repost_of else None,
        "quote_of_key": post_key(key, source, post.quote_of) if post.quote_of else None,
        "reply_to_key": post_key(key, source, post.in_reply_to) if post.in_reply_to else None,
        "cluster_key": found.cluster_key,
        "near_key": found.near_key,
        "followers": _count(post.author_followers),
        "reach_low": figure(reach.low),
        "reach_central": figure(reach.central),
        "reach_high": figure(reach.high),
        "reach_version": reach.version,
        "created_at": post.created_at,
        "seen_at": post.seen_at,
        "night": night,
        "expires_on": found.expires_on,
    }


def _night(post: Post) -> date:
    zoned(post.created_at)
    zoned(post.seen_at)
    try:
        return night_of(post.created_at)
    except OverflowError:
        raise MalformedError(f"a post of {post.source} is dated outside the calendar", source=post.source) from None


def mention_row(mention: Mention, own: int, matcher: str) -> Row:
    """The row of a mention in the post with key `own`, not scored yet."""
    return {
        "post_key": own,
        "brand": mention.brand,
        "territory": mention.territory,
        "sense": mention.sense,
        "accepted": mention.accepted,
        "by_brand_name": mention.by_brand_name,
        "start": mention.start,
        "end": mention.end,
        "rule": mention.rule[:64],
        "evidence": writable(mention.evidence),
        "matcher": matcher,
    } | dict.fromkeys(SCORES)


def counts_row(own: int, seen: Engagement) -> Row | None:
    """An observation as a row, or None when every count is unknown. Raises ValueError for a time without zone."""
    row = {name: _count(getattr(seen, name)) for name in COUNTS}
    if all(count is None for count in row.values()):
        return None
    return {"post_key": own, "observed_at": zoned(seen.observed_at)} | row


def zoned(moment: datetime) -> datetime:
    """The moment, which must carry a zone: a ValueError otherwise."""
    if moment.tzinfo is None:
        raise ValueError("the store takes only times with a zone")
    return moment


def writable(text: str) -> str:
    """The text with every character that a database refuses replaced by U+FFFD, one for one; linear."""
    if "\0" not in text:
        try:
            text.encode()  # ten times faster than looking for what would fail
            return text
        except UnicodeEncodeError:
            pass
    return _UNWRITABLE.sub("\ufffd", text)


def _link(post: Post) -> str | None:
    """The post's address, unless it spells its author: handles are not kept, not even inside a link."""
    if not post.url:
        return None
    url = post.url.casefold()
    names = {name.casefold().lstrip("@") for name in (post.author_handle, post.author_id) if name}
    if not any(name in url for name in names) or names.isdisjoint(re.split(r"[/?&=#@]+", url)):
        return writable(post.url)
    shape = _NAMELESS_LINK.get(post.source)
    return shape.format(writable(post.post_id)) if shape else None


def _count(count: int | None) -> int | None:
    return count if count is not None and 0 <= count <= _MOST else None


def figure(value: float | None) -> float | None:
    """The value, or None when it is no number at all: infinity and NaN are not figures."""
    return value if value is not None and math.isfinite(value) else None


def fit(table: Table, column: str, values: Iterable[str]) -> None:
    """Refuse a name longer than its column, as PostgreSQL does and SQLite does not. Raises ValueError."""
    kind = table.c[column].type
    limit = kind.length if isinstance(kind, String) else None
    for value in values:
        if limit and len(value) > limit:
            raise ValueError(f"{value[:limit]!r}... is longer than the {limit} characters of {table.name}.{column}")


def fit_batch(batch: Sequence[Incoming]) -> None:
    """Refuse names that would not fit; each distinct one is looked at once."""
    fit(tables.post, "source", {one.post["source"] for one in batch})
    fit(tables.mention, "brand", {brand for one in batch for brand in one.mentions})
    fit(tables.mention, "matcher", {row["matcher"] for one in batch for row in one.mentions.values()})
