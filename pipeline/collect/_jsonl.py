"""Our own JSON lines: one post a line, fast when well formed, patient when not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from pipeline.collect import Ask
from pipeline.collect._draft import CLOCKS, KINDS, finish, loosely
from pipeline.collect._json import fields
from pipeline.collect._moments import EARLIEST, day_end
from pipeline.collect._rejects import Refuse
from pipeline.collect._stream import Lines
from pipeline.collect._text import MAX_TEXT, clean, storable
from pipeline.collect._values import GREATEST
from pipeline.errors import MalformedError
from pipeline.model import Engagement, Post

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=GREATEST)]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=16)]


class _Line(msgspec.Struct, gc=False):
    """A line as we write it; one that differs in any type is read the patient way."""

    platform: _Word
    post_id: _Id
    created_at: datetime
    text: _Text
    author: _Id | None = None
    author_id: _Id | None = None
    author_handle: _Id | None = None
    author_followers: _Count | None = None
    author_place: str | None = None
    kind: _Word | None = None
    repost_of: _Id | None = None
    quote_of: _Id | None = None
    in_reply_to: _Id | None = None
    hashtags: tuple[_Id, ...] | None = ()
    likes: _Count | None = None
    reposts: _Count | None = None
    replies: _Count | None = None
    quotes: _Count | None = None
    views: _Count | None = None
    first_seen: _Word | None = None
    url: str | None = None
    lang: _Word | None = None


_decode = msgspec.json.Decoder(_Line).decode


def posts(lines: Lines, ask: Ask, refuse: Refuse) -> Iterator[tuple[int, Post]]:
    """Posts with the number of their line; a line that is none is refused with the reason."""
    default, latest = ask.settings.get("source"), ask.now + CLOCKS
    for number, line in lines:
        if line is None:
            refuse(number, "line_too_long", b"")
        elif post := _quick(line, latest):
            yield number, post
        elif line.strip():
            try:
                yield number, finish(loosely(fields(line)), ask, default)
            except MalformedError as error:
                refuse(number, error.reason, line)


def _quick(line: bytes, latest: datetime) -> Post | None:
    """The post of a line that is exactly as promised; None for any other, good or bad.

    The checks are those of `finish`, made together: this path decides how fast an archive is read.
    """
    try:
        it = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    at, text, kind = it.created_at, clean(it.text), KINDS.get(it.kind or "post")
    words = f"{it.platform}{it.post_id}{it.author}{it.repost_of}{it.quote_of}{it.in_reply_to}{it.lang}"
    if at.tzinfo is not UTC or not EARLIEST <= at <= latest or kind is None or not storable(words):
        return None
    if not text or text.isspace() or it.url or it.author_place or it.author_handle or it.author_id or it.kind is None:
        return None
    seen_at = day_end(it.first_seen) if it.first_seen else at
    if seen_at is None or not at <= seen_at <= latest or it.platform == "twitter" or "+" in it.post_id:
        return None
    known = it.likes is not None or it.reposts is not None or it.replies is not None or it.views is not None
    return Post(
        it.platform,
        it.post_id,
        at,
        seen_at,
        text,
        it.author,
        it.author,
        it.author_followers,
        None,
        kind,
        it.repost_of,
        it.quote_of,
        it.in_reply_to,
        tuple(map(clean, it.hashtags)) if it.hashtags else (),
        None,
        it.lang,
        Engagement(seen_at, it.likes, it.reposts, it.replies, it.quotes, it.views) if known else None,
    )
