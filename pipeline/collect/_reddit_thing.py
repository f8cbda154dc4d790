"""One submission or comment of Reddit, read without trust: who, when, what, and whether it is still there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.collect import Ask
from pipeline.collect._draft import finish, loosely
from pipeline.collect._refusal import refusal
from pipeline.collect._text import MAX_TEXT
from pipeline.collect._values import GREATEST, identifier
from pipeline.model import Engagement, Post

Thing = Mapping[str, object]

SUBMISSION, COMMENT = "t3", "t1"

# What stands where an author or a moderator took something away.
_REMOVED = ("[deleted]", "[removed]", "[ Removed by Reddit ]")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\([^()\s]{1,2000}\)")
_SHOWN = "https://www.reddit.com"


def fullname(thing: Thing, kind: str) -> str | None:
    """Reddit's id of anything anywhere ("t3_1abc23"), None when there is none."""
    own = thing.get("id")
    return f"{kind}_{own}" if isinstance(own, str) and own.isalnum() and own.isascii() and len(own) <= 32 else None


def is_gone(thing: Thing) -> bool:
    """Whether its author deleted it, deleted the account, or somebody removed it."""
    if thing.get("removed_by_category") or _name(thing) is None:
        return True
    return thing.get("selftext") in _REMOVED or thing.get("body") in _REMOVED


def post(thing: Thing, kind: str, ask: Ask) -> Post:
    """The post that a submission or a comment is; its id is the full name.

    Raises MalformedError with the reason: `removed`, or what `_draft.finish` refuses.
    """
    if is_gone(thing):
        raise refusal("removed")
    link, crossed = thing.get("permalink"), thing.get("crosspost_parent")
    seen = counts(thing, ask.now)
    fields = {
        "post_id": fullname(thing, kind),
        "created_at": thing.get("created_utc"),
        "text": _submitted(thing) if kind == SUBMISSION else _markdown(thing.get("body")),
        "author_id": thing.get("author_fullname") or _name(thing),
        "author_handle": _name(thing),
        "kind": "reply" if kind == COMMENT else "quote" if crossed else "post",
        "quote_of": crossed,
        "in_reply_to": thing.get("parent_id") if kind == COMMENT else None,
        "likes": seen.likes,
        "replies": seen.replies,
        "first_seen": ask.now.isoformat(),
        "url": f"{_SHOWN}{link}" if isinstance(link, str) and link.startswith("/") else None,
    }
    if thing.get("edited"):
        ask.hint("edited")
    return finish(loosely(fields), ask, "reddit")


def counts(thing: Thing, at: datetime) -> Engagement:
    """Its score as likes, its comments as replies.

    The score is votes for less votes against, the author's own included, made inexact by Reddit: the floor of what
    others call likes. A hidden score, and one below zero, say nothing of likes.
    """
    score = None if thing.get("score_hidden") is True else thing.get("score")
    return Engagement(at, likes=_count(score), replies=_count(thing.get("num_comments")))


def _count(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= GREATEST else None


def _name(thing: Thing) -> str | None:
    """The author's name; PRAW makes an object of it."""
    author = thing.get("author")
    name = author if isinstance(author, str) else vars(author).get("name") if hasattr(author, "__dict__") else None
    return identifier(name) if isinstance(name, str) and name not in _REMOVED else None


def _submitted(thing: Thing) -> str | None:
    """The title and what stands below it."""
    title, below = thing.get("title"), _markdown(thing.get("selftext"))
    if not isinstance(title, str):
        return None
    return f"{title}\n{below}" if below else title


def _markdown(text: object) -> str | None:
    """What the author wrote: quoted lines are somebody else's words, of links the text is kept."""
    if not isinstance(text, str):
        return None
    own = (line for line in text[: 2 * MAX_TEXT].split("\n") if not line.startswith(">") or line.startswith(">!"))
    return _LINK.sub(r"\1", "\n".join(own)).strip()
