"""Posts made without their frozen __init__: the setters of their slots, looked up once.

A frozen dataclass sets each field through object.__setattr__ by name, which is a quarter of the time an archive line
takes. A field added to Post or Engagement makes this module fail at import, so the two cannot drift apart.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from pipeline.model import Engagement, Kind, Post

_new = object.__new__
_setters = [getattr(Post, field.name).__set__ for field in fields(Post)]
_source, _post_id, _created_at, _seen_at, _text, _author_id, _handle, _followers, _place = _setters[:9]
_kind, _repost_of, _quote_of, _in_reply_to, _hashtags, _url, _lang_hint, _engagement, _later = _setters[9:]
(_observed_at, _likes, _reposts, _replies, _quotes, _views) = (
    getattr(Engagement, field.name).__set__ for field in fields(Engagement)
)


def post(
    source: str,
    post_id: str,
    created_at: datetime,
    seen_at: datetime,
    text: str,
    author: str | None,
    followers: int | None,
    kind: Kind,
    repost_of: str | None,
    quote_of: str | None,
    in_reply_to: str | None,
    hashtags: tuple[str, ...],
    lang_hint: str | None,
    engagement: Engagement | None,
) -> Post:
    """A Post whose author has one name, and no place and no link."""
    made = _new(Post)
    _source(made, source)
    _post_id(made, post_id)
    _created_at(made, created_at)
    _seen_at(made, seen_at)
    _text(made, text)
    _author_id(made, author)
    _handle(made, author)
    _followers(made, followers)
    _place(made, None)
    _kind(made, kind)
    _repost_of(made, repost_of)
    _quote_of(made, quote_of)
    _in_reply_to(made, in_reply_to)
    _hashtags(made, hashtags)
    _url(made, None)
    _lang_hint(made, lang_hint)
    _engagement(made, engagement)
    _later(made, ())
    return made


def engagement(
    observed_at: datetime,
    likes: int | None,
    reposts: int | None,
    replies: int | None,
    quotes: int | None,
    views: int | None,
) -> Engagement:
    """An Engagement."""
    made = _new(Engagement)
    _observed_at(made, observed_at)
    _likes(made, likes)
    _reposts(made, reposts)
    _replies(made, replies)
    _quotes(made, quotes)
    _views(made, views)
    return made
