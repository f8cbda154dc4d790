"""A post as some file or platform wrote it, fields still unchecked, and the one place where it becomes a Post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from pipeline.collect import Ask
from pipeline.collect._moments import EARLIEST, day_end, moment
from pipeline.collect._refusal import refusal
from pipeline.collect._text import MAX_TEXT, clean, storable
from pipeline.collect._values import Number, count, identifier
from pipeline.errors import MalformedError
from pipeline.model import Engagement, Kind, Post

KINDS: dict[str, Kind] = {
    "post": "post",
    "repost": "repost",
    "retweet": "repost",
    "retweeted": "repost",
    "reposted": "repost",
    "quote": "quote",
    "quoted": "quote",
    "reply": "reply",
    "replied_to": "reply",
    "article": "article",
}
_BY_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d\d")  # 1.44E+18: the last digits are lost
CLOCKS = timedelta(days=1)  # how far a clock or a zone may be wrong before a date is called future


class Draft(msgspec.Struct, gc=False):
    """The fields of our own JSON lines; ids may be numbers and counts may be text."""

    post_id: str | int
    created_at: datetime
    text: str
    platform: str | None = None
    author: str | int | None = None
    author_id: str | int | None = None
    author_handle: str | None = None
    author_followers: Number = None
    author_place: str | None = None
    kind: str | None = None
    repost_of: str | int | None = None
    quote_of: str | int | None = None
    in_reply_to: str | int | None = None
    hashtags: tuple[str, ...] | None = ()
    likes: Number = None
    reposts: Number = None
    replies: Number = None
    quotes: Number = None
    views: Number = None
    first_seen: str | None = None
    url: str | None = None
    lang: str | None = None


_IDS = ("author", "author_id", "repost_of", "quote_of", "in_reply_to")
_TEXTS = ("platform", "author_handle", "author_place", "kind", "first_seen", "url", "lang")
_COUNTS = ("author_followers", "likes", "reposts", "replies", "quotes", "views")


def loosely(fields: Mapping[str, object], zone: tzinfo = UTC, form: str | None = None) -> Draft:
    """A draft from fields of any type, named as in Draft; a date without zone is left naive only if `zone` is UTC.

    Raises MalformedError `bad_id`, `bad_date` or `no_text`.
    """
    text, post_id = fields.get("text"), fields.get("post_id")
    if not isinstance(text, str):
        raise refusal("no_text")
    if isinstance(post_id, bool) or not isinstance(post_id, str | int):
        raise refusal("bad_id")
    created_at, assumed = moment(fields.get("created_at"), zone, form)
    draft = Draft(post_id, created_at.replace(tzinfo=None) if assumed and zone is UTC else created_at, text)
    for names, types in ((_IDS, str | int), (_TEXTS, str), (_COUNTS, str | int | float)):
        for name in names:
            given = fields.get(name)
            if isinstance(given, types) and not isinstance(given, bool) and given != "":
                setattr(draft, name, given)
    draft.hashtags = _tags(fields.get("hashtags"))
    return draft


def _tags(given: object) -> tuple[str, ...]:
    """Hashtags from a list, or from text separated by bars, commas, semicolons or blanks."""
    if isinstance(given, str):
        given = re.split(r"[|,;\s]+", given[:5_000].strip("[]"))
    if not isinstance(given, list | tuple):
        return ()
    return tuple(tag.strip("#'\" ") for tag in given if isinstance(tag, str) and tag.strip("#'\" "))


def finish(draft: Draft, ask: Ask, default: str | None = None) -> Post:
    """The post, checked and cleaned; `default` is its platform when the draft does not say.

    What is mended is counted as a hint, what cannot be used raises MalformedError with the reason.
    """
    created_at = _created(draft.created_at, ask)
    seen_at = _seen(draft.first_seen, created_at, ask)
    author, handle = identifier(draft.author_id), identifier(draft.author_handle)
    if author is None:
        author = identifier(draft.author)
    return Post(
        _platform(draft.platform or default),
        _post_id(draft.post_id),
        created_at,
        seen_at,
        _text(draft.text, ask),
        author if author is not None else handle,
        handle if handle is not None else author,
        count(draft.author_followers, ask),
        draft.author_place and clean(draft.author_place)[:200],
        _kind(draft),
        identifier(draft.repost_of),
        identifier(draft.quote_of),
        identifier(draft.in_reply_to),
        tuple(map(clean, draft.hashtags[:100])) if draft.hashtags else (),
        _url(draft.url),
        draft.lang if draft.lang and len(draft.lang) <= 16 and storable(draft.lang) else None,
        _engagement(draft, seen_at, ask),
    )


def _created(created_at: datetime, ask: Ask) -> datetime:
    if created_at.tzinfo is None:
        ask.hint("no_zone")
        created_at = created_at.replace(tzinfo=UTC)
    elif created_at.tzinfo is not UTC:
        created_at = moment(created_at)[0]
    if created_at < EARLIEST:
        raise refusal("date_too_early")
    if created_at > ask.now + CLOCKS:
        raise refusal("date_in_future")
    return created_at


def _seen(first_seen: str | None, created_at: datetime, ask: Ask) -> datetime:
    """When the post was seen: as written, a day meaning its end; the creation where nothing credible is written.

    Never the present: the same file read twice must give the same posts.
    """
    if not first_seen:
        return created_at
    seen_at = day_end(first_seen)
    if seen_at is None:
        try:
            seen_at, _ = moment(first_seen)
        except MalformedError:
            return created_at
    return seen_at if created_at <= seen_at <= ask.now + CLOCKS else created_at


def _platform(name: str | None) -> str:
    if not name or len(name) > 32 or not storable(name):
        raise refusal("no_platform")
    return "x" if name.lower() in {"twitter", "x"} else name.lower()


def _post_id(given: str | int) -> str:
    found = identifier(given)
    if found is None or _BY_SPREADSHEET.fullmatch(found):
        raise refusal("bad_id")
    return found


def _text(given: str, ask: Ask) -> str:
    text = clean(given)
    if len(given) > MAX_TEXT:
        ask.hint("text_cut")
    if not text or text.isspace():
        raise refusal("no_text")
    return text


def _kind(draft: Draft) -> Kind:
    if draft.kind and (kind := KINDS.get(draft.kind)):
        return kind
    if draft.repost_of:
        return "repost"
    if draft.quote_of:
        return "quote"
    return "reply" if draft.in_reply_to else "post"


def _url(given: str | None) -> str | None:
    # Longer addresses carry trackers, not places.
    if given and len(given) <= 2_000 and given.startswith(("https://", "http://")) and storable(given):
        return given
    return None


def _engagement(draft: Draft, seen_at: datetime, ask: Ask) -> Engagement | None:
    counts = [count(given, ask) for given in (draft.likes, draft.reposts, draft.replies, draft.quotes, draft.views)]
    return None if all(number is None for number in counts) else Engagement(seen_at, *counts)
