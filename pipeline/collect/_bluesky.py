"""One post of Bluesky as its author's server keeps it (app.bsky.feed.post), read without trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pipeline.collect import Ask
from pipeline.collect._bluesky_times import NEAR, counted_at, said_at
from pipeline.collect._draft import finish, loosely
from pipeline.collect._jetstream_frames import POSTS
from pipeline.collect._json import dig, many
from pipeline.collect._refusal import refusal
from pipeline.model import Post, Window

# Labels that authors put on their own posts to keep them from people without an account (atproto.com/guides/labels).
HIDDEN = frozenset({"!hide", "!no-unauthenticated"})

_TAG = "app.bsky.richtext.facet#tag"


def address(did: str, rkey: str) -> str:
    """The AT address of a post, which is its id here, in the archives of other tools, and everywhere in the network."""
    return f"at://{did}/{POSTS}/{rkey}"


def post(did: str, rkey: str, told: dict[str, object], seen: datetime, window: Window, ask: Ask) -> Post | None:
    """The post, None when it belongs to another window; `seen` is when the network first saw it.

    Raises MalformedError `not_public`, or what `_draft.finish` refuses.
    """
    if HIDDEN.intersection(labels(dig(told, "labels", "values"))):
        raise refusal("not_public")
    created = said_at(told.get("createdAt"))
    counted = counted_at(created, seen, window)
    if counted is None:
        return None
    if created is None or counted > created or created - counted > NEAR:
        ask.hint("date_disagrees")
    fields = {
        "post_id": address(did, rkey),
        "created_at": counted,
        "text": told.get("text"),
        "author_id": did,
        "quote_of": _quoted(told.get("embed")),
        "in_reply_to": _post_address(dig(told, "reply", "parent", "uri")),
        "hashtags": list(dict.fromkeys(_tags(told))),
        "first_seen": seen.isoformat(),
        "url": f"https://bsky.app/profile/{did}/post/{rkey}",
        "lang": next((lang for lang in many(told, "langs") if isinstance(lang, str)), None),
    }
    made = finish(loosely(fields), ask, "bluesky")
    # A clock ahead of ours must not bring back a moment that the stream says is too late.
    return replace(made, seen_at=max(seen, made.created_at))


def labels(given: object) -> Iterator[str]:
    """The words of a list of labels."""
    for label in given if isinstance(given, list) else ():
        if isinstance(word := dig(label, "val"), str):
            yield word


def _tags(told: dict[str, object]) -> Iterator[str]:
    """Hashtags as their authors meant them, and those kept out of the text.

    Their places in the text are byte offsets, which emoji shift in some apps: the tag itself is read, not the place.
    """
    for facet in many(told, "facets")[:200]:
        for feature in many(facet, "features")[:20]:
            if dig(feature, "$type") == _TAG and isinstance(tag := dig(feature, "tag"), str):
                yield tag.lstrip("#＃")
    yield from (tag for tag in many(told, "tags")[:50] if isinstance(tag, str))


def _quoted(embed: object) -> str | None:
    """The post that is quoted, with pictures or without; a feed, a list or a starter pack is none."""
    return _post_address(dig(embed, "record", "uri")) or _post_address(dig(embed, "record", "record", "uri"))


def _post_address(uri: object) -> str | None:
    return uri if isinstance(uri, str) and uri.startswith("at://") and f"/{POSTS}/" in uri else None
