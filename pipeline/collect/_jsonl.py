"""Our own JSON lines: one post a line, fast when well formed, patient when not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec.structs import astuple

from pipeline.collect import Ask, _build
from pipeline.collect._draft import CLOCKS, KINDS, finish, loosely
from pipeline.collect._json import fields
from pipeline.collect._moments import EARLIEST, day_end
from pipeline.collect._rejects import Refuse
from pipeline.collect._stream import Lines
from pipeline.collect._text import MAX_TEXT, clean, storable
from pipeline.collect._values import GREATEST
from pipeline.errors import MalformedError
from pipeline.model import Post

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
    author_followers: _Count | None = None
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
    lang: _Word | None = None
    author_id: _Id | None = None
    author_handle: _Id | None = None
    author_place: str | None = None
    url: str | None = None


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
    if it.author_id or it.author_handle or it.author_place or it.url:
        return None
    # One call for all fields: reading them one by one costs as much as decoding them.
    platform, post_id, at, text, author, followers, kind, repost_of, quote_of, reply_to, *rest = astuple(it)
    hashtags, likes, reposts, replies, quotes, views, first_seen, lang, *_ = rest
    known_kind = KINDS.get(kind)
    seen_at = day_end(first_seen) if first_seen else at
    words = f"{platform}{post_id}{author}{repost_of}{quote_of}{reply_to}{lang}"
    if at.tzinfo is not UTC or not EARLIEST <= at <= latest or known_kind is None or not storable(words):
        return None
    text = clean(text)
    if seen_at is None or not at <= seen_at <= latest or not text or text.isspace():
        return None
    if platform == "twitter" or not platform.islower() or "+" in post_id:
        return None
    unknown = likes is None and reposts is None and replies is None and quotes is None and views is None
    return _build.post(
        platform,
        post_id,
        at,
        seen_at,
        text,
        author,
        followers,
        known_kind,
        repost_of,
        quote_of,
        reply_to,
        tuple(map(clean, hashtags)) if hashtags else (),
        lang,
        None if unknown else _build.engagement(seen_at, likes, reposts, replies, quotes, views),
    )
