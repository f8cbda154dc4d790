"""One status as Mastodon's API writes it, read without trust: who, when, what, and whether it may be taken at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from pipeline.collect import Ask
from pipeline.collect._draft import finish, loosely
from pipeline.collect._html import plain
from pipeline.collect._json import dig, many
from pipeline.collect._refusal import refusal
from pipeline.collect._values import count, identifier
from pipeline.model import Engagement, Post

_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?next"?')
_MAX_ID = re.compile(r"[?&]max_id=([^&#]+)")

# Mastodon's ids since 2.0: milliseconds of creation shifted by 16 bits (lib/mastodon/snowflake.rb).
_SHIFT = 16
_FULL = 20  # a page of a server that takes no limit (the API's default)
_SLACK = timedelta(hours=1)  # an id is made when a server meets the post, shortly after its creation


def post(status: object, host: str, ask: Ask) -> Post:
    """The post that a status of the server `host` is; its id is the ActivityPub one, the same on every server.

    Raises MalformedError with the reason: `not_a_post`, `not_public`, `noindex`, `not_indexable`, or what
    `_draft.finish` refuses.
    """
    if not isinstance(status, dict):
        raise refusal("not_a_post")
    shown = permitted(status)
    fields = {
        "post_id": address(status, host),
        "created_at": dig(status, "created_at"),
        "text": _text(shown),
        "platform": "mastodon",
        **_author(status, host),
        "kind": _kind(status),
        "repost_of": address(shown, host) if shown is not status else None,
        "quote_of": _quoted(status, host),
        "in_reply_to": _reply(status, host),
        "hashtags": [name for tag in many(shown, "tags") if isinstance(name := dig(tag, "name"), str)],
        **_counts(status),
        "first_seen": ask.now.isoformat(),
        "url": dig(shown, "url"),
        "lang": dig(shown, "language"),
    }
    if dig(shown, "edited_at"):
        ask.hint("edited")
    return finish(loosely(fields), ask, "mastodon")


def permitted(status: object) -> object:
    """The status a reader sees: what is boosted, or itself.

    Raises MalformedError for what is not meant for everybody: not public, or of a person who opted out of search.
    """
    original = dig(status, "reblog")
    shown = original if isinstance(original, dict) else status
    for one in (status, shown):
        if dig(one, "visibility") not in ("public", None):
            raise refusal("not_public")
        if dig(one, "account", "noindex") is True:
            raise refusal("noindex")
        if dig(one, "account", "indexable") is False:
            raise refusal("not_indexable")
    return shown


def address(status: object, host: str) -> str:
    """The ActivityPub address; where that is absent the server's own id, made unique by its host.

    Raises MalformedError `bad_id`.
    """
    uri, own = dig(status, "uri"), dig(status, "id")
    if isinstance(uri, str) and identifier(uri):
        return uri
    if isinstance(own, str | int) and not isinstance(own, bool) and identifier(own):
        return f"{host}/{own}"
    raise refusal("bad_id")


def _text(status: object) -> object:
    """What a reader sees, the warning above it first; None (refused later) when there is no content at all."""
    content, warning = dig(status, "content"), dig(status, "spoiler_text")
    if not isinstance(content, str):
        return None
    return "\n".join(part for part in (warning, plain(content)) if isinstance(part, str) and part)


def _author(status: object, host: str) -> dict[str, object]:
    """The account as user@host in lower case wherever it is seen from: its id here differs from server to server."""
    acct = dig(status, "account", "acct")
    if not isinstance(acct, str) or not acct:
        return {}
    name = (acct if "@" in acct else f"{acct}@{host}").lower()
    return {"author_id": name, "author_handle": name, "author_followers": dig(status, "account", "followers_count")}


def _kind(status: object) -> str:
    if isinstance(dig(status, "reblog"), dict):
        return "repost"
    if isinstance(dig(status, "quote"), dict):
        return "quote"
    return "reply" if dig(status, "in_reply_to_id") else "post"


def _quoted(status: object, host: str) -> str | None:
    quoted = dig(status, "quote", "quoted_status")
    return address(quoted, host) if isinstance(quoted, dict) else None


def _reply(status: object, host: str) -> str | None:
    """The server's own id of what is answered: the ActivityPub one is not told."""
    answered = dig(status, "in_reply_to_id")
    return f"{host}/{answered}" if isinstance(answered, str | int) and answered else None


def engagement(status: object, ask: Ask) -> Engagement:
    """The counts of a status now; what is no number is unknown."""
    counts = {name: count(n, ask) if isinstance(n, int | float) else None for name, n in _counts(status).items()}
    return Engagement(ask.now, **counts)


def _counts(status: object) -> dict[str, object]:
    names = {"likes": "favourites", "reposts": "reblogs", "replies": "replies", "quotes": "quotes"}
    return {ours: dig(status, f"{theirs}_count") for ours, theirs in names.items()}


def older(link: str | None, statuses: list[object]) -> str | None:
    """The `max_id` of the following page, None at the end: from the Link header, or, on compatible servers that send
    none, the last id of a full page. The address in the header is not followed, only its id is read.
    """
    if link is not None:
        told = _NEXT.search(link[:10_000])
        found = _MAX_ID.search(told[1]) if told else None
        return unquote(found[1]) if found else None
    last = dig(statuses[-1], "id") if len(statuses) >= _FULL else None
    return str(last) if isinstance(last, str | int) and last else None


def leap(statuses: list[object], created: list[datetime], until: datetime) -> str | None:
    """An id just after `until`, to skip days in one step; None where ids are not Mastodon's or nothing is skipped."""
    ids = [dig(status, "id") for status in statuses]
    if not created or len(ids) != len(created) or min(created) <= until + _SLACK:
        return None
    for own, moment in zip(ids, created, strict=True):
        if not isinstance(own, str) or not own.isdecimal() or len(own) > 19:
            return None
        if abs((int(own) >> _SHIFT) - moment.timestamp() * 1000) > _SLACK.total_seconds() * 1000:
            return None
    return str(int((until + _SLACK).astimezone(UTC).timestamp() * 1000) << _SHIFT)
