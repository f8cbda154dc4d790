"""Videos and comments as posts. Figures are YouTube's own and stay so: its terms let nobody add them to others'.

The author is a channel, by its id and its handle; followers are left out, since nobody may estimate reach from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.collect import Again, Ask
from pipeline.collect._draft import finish, loosely
from pipeline.collect._html import plain
from pipeline.collect._json import Json, dig, many
from pipeline.collect._refusal import refusal
from pipeline.collect._values import count
from pipeline.errors import MalformedError
from pipeline.model import Engagement, Post

_WATCH = "https://www.youtube.com/watch?v="
_CHANNEL = re.compile(r"[\w-]{1,64}", re.ASCII)
_HASHTAG = re.compile(r"#(\w{1,100})")


def videos(page: Json, handles: Mapping[str, str], ask: Ask) -> Iterator[Post]:
    """The videos of a list, their title and description as text; what cannot be read is counted.

    `handles` are those of channels by their id, by which brand files know the brand's own.
    """
    for one in many(page, "items"):
        try:
            yield _video(one, handles, ask)
        except MalformedError as error:
            ask.skip(error.reason)


def comments(page: Json, ask: Ask) -> Iterator[tuple[Post, bool]]:
    """The comments of a list of threads, and the few replies that came with each; True for what begins a thread."""
    for thread in many(page, "items"):
        replies = dig(thread, "snippet", "totalReplyCount")
        video_id = dig(thread, "snippet", "videoId")
        told = [(dig(thread, "snippet", "topLevelComment"), True)]
        told += [(one, False) for one in many(thread, "replies", "comments")]
        for one, first in told:
            try:
                yield _comment(one, video_id, replies if first else None, ask), first
            except MalformedError as error:
                ask.skip(error.reason)


def again(page: Json, asked: Sequence[str], ask: Ask) -> Iterator[Again]:
    """Of the videos or comments asked for by id: their counts now, or that they are gone."""
    shown = {str(dig(one, "id")): one for one in many(page, "items")}
    for post_id in asked:
        found = shown.get(post_id)
        yield Again(post_id, _engagement(found, ask)) if found else Again(post_id, gone=True)


def ids(page: Json) -> list[str]:
    """The videos that a page of a search found."""
    found = (dig(one, "id", "videoId") for one in many(page, "items"))
    return [one for one in found if isinstance(one, str) and one]


def _engagement(one: object, ask: Ask) -> Engagement | None:
    """The counts of a video or a comment seen now; None when it shows none."""
    found = [dig(one, "statistics", name) for name in ("likeCount", "commentCount", "viewCount")]
    found[0] = dig(one, "snippet", "likeCount") if found[0] is None else found[0]
    likes, comments, views = (count(n, ask) if isinstance(n, str) or type(n) is int else None for n in found)
    known = Engagement(ask.now, likes=likes, replies=comments, views=views)
    return None if known == Engagement(ask.now) else known


def channels(page: Json) -> set[str]:
    """The channels of a list of videos, by id."""
    found = (dig(one, "snippet", "channelId") for one in many(page, "items"))
    return {one for one in found if isinstance(one, str) and _CHANNEL.fullmatch(one)}


def handles(page: Json) -> dict[str, str]:
    """The handles of a list of channels, by the channel's id: @dijon."""
    found = ((dig(one, "id"), dig(one, "snippet", "customUrl")) for one in many(page, "items"))
    return {one: handle for one, handle in found if isinstance(one, str) and isinstance(handle, str)}


def _video(one: object, handles: Mapping[str, str], ask: Ask) -> Post:
    if not isinstance(one, dict):
        raise refusal("not_a_post")
    title, description = dig(one, "snippet", "title"), dig(one, "snippet", "description")
    text = "\n\n".join(part.strip() for part in (title, description) if isinstance(part, str) and part.strip())
    lang = dig(one, "snippet", "defaultAudioLanguage") or dig(one, "snippet", "defaultLanguage")
    fields = {
        "post_id": one.get("id"),
        "created_at": dig(one, "snippet", "publishedAt"),
        "text": text,
        "author_id": dig(one, "snippet", "channelId"),
        "author_handle": handles.get(str(dig(one, "snippet", "channelId"))),
        "hashtags": _HASHTAG.findall(text),
        "likes": dig(one, "statistics", "likeCount"),
        "replies": dig(one, "statistics", "commentCount"),
        "views": dig(one, "statistics", "viewCount"),
        "url": f"{_WATCH}{one.get('id')}",
        "lang": lang,
        "first_seen": ask.now.isoformat(),
    }
    return finish(loosely(fields), ask, "youtube")


def _comment(one: object, video_id: object, replies: object, ask: Ask) -> Post:
    if not isinstance(one, dict):
        raise refusal("not_a_post")
    said = dig(one, "snippet", "textOriginal")
    shown, shown_as = dig(one, "snippet", "textDisplay"), dig(one, "snippet", "authorDisplayName")
    published, updated = dig(one, "snippet", "publishedAt"), dig(one, "snippet", "updatedAt")
    fields = {
        "post_id": one.get("id"),
        "created_at": published,
        "text": said if isinstance(said, str) else plain(shown) if isinstance(shown, str) else None,
        "author_id": dig(one, "snippet", "authorChannelId", "value"),
        "author_handle": shown_as if isinstance(shown_as, str) and shown_as.startswith("@") else None,
        "kind": "reply",
        "in_reply_to": dig(one, "snippet", "parentId") or video_id,
        "likes": dig(one, "snippet", "likeCount"),
        "replies": replies,
        "url": f"{_WATCH}{video_id}&lc={one.get('id')}",
        "first_seen": ask.now.isoformat(),
    }
    post = finish(loosely(fields), ask, "youtube")
    if updated and updated != published:
        ask.hint("edited")
    return post
