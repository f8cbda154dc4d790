"""X API v2 JSON as twarc writes it: pages one a line, or posts flattened one a line, in both vocabularies of X.

NOTE (2026-08): X renames tweet to post (`referenced_posts`, `repost_count`, `includes.posts`, `note_post`); archives
hold both, so both are read everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from pipeline.collect import Ask
from pipeline.collect._draft import finish, loosely
from pipeline.collect._json import Json, dig, fields, many
from pipeline.collect._refusal import refusal
from pipeline.collect._rejects import Refuse
from pipeline.collect._stream import Lines
from pipeline.errors import MalformedError
from pipeline.model import Post

_LINKS = {
    "retweeted": "repost_of",
    "reposted": "repost_of",
    "quoted": "quote_of",
    "replied_to": "in_reply_to",
}
# Countries in which a withheld post may not be shown to our readers; XX and XY are X's codes for "everywhere".
_HERE = {"FR", "XX", "XY"}
# Not a fault of the file: counted, never written to the reject file.
_RIGHTLY_LEFT = {"withheld", "superseded_edit"}
_EPOCH_MS = 1_288_834_974_657  # X's ids count milliseconds from here, shifted by 22 bits

_decode = msgspec.json.Decoder().decode


def posts(lines: Lines, ask: Ask, refuse: Refuse) -> Iterator[tuple[int, Post]]:
    """Posts with the number of their line; of an edited post the latest edit, under the id of the first."""
    for number, line in lines:
        if line is None:
            refuse(number, "line_too_long", b"")
        elif line.strip():
            try:
                page = _object(line)
                held = _held(page, ask)
            except MalformedError as error:
                refuse(number, error.reason, line)
                continue
            yield from ((number, post) for post in of_page(page, held, number, ask, refuse))


def _object(line: bytes) -> Json:
    try:
        found = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = fields(line)
    if not isinstance(found, dict):
        raise refusal("not_a_post")
    return found


def _held(page: Json, ask: Ask) -> list[object]:
    """The posts of a page or of a flattened line. A page of errors only is refused; an empty page is no fault."""
    found = page.get("data")
    if isinstance(found, list | dict):
        if page.get("errors"):
            ask.hint("partial_errors")
        return found if isinstance(found, list) else [found]
    if found is None and "id" in page and "text" in page:
        return [page]
    if page.get("errors"):
        raise refusal("errors_only_page")
    if "meta" in page and dig(page, "meta", "result_count") == 0:
        return []
    raise refusal("not_a_post")


def of_page(page: Json, held: list[object], number: int, ask: Ask, refuse: Refuse) -> Iterator[Post]:
    """The posts `held` by a page, their authors and references looked up in it; refusals bear the line's `number`."""
    users = by_id(many(page, "includes", "users"))
    known = by_id(many(page, "includes", "tweets") + many(page, "includes", "posts") + held)
    retrieved_at = dig(page, "__twarc", "retrieved_at")
    given: set[str] = set()
    for one in held:
        try:
            found = _fields(one, users, known, given) | {"first_seen": retrieved_at}
            if "created_at" not in found:
                ask.hint("date_from_id")
                found["created_at"] = _minted(found["post_id"])
            yield finish(loosely(found), ask, "x")
        except MalformedError as error:
            if error.reason in _RIGHTLY_LEFT:
                ask.skip(error.reason)
            else:
                refuse(number, error.reason, json.dumps(one).encode("ascii"))


def _fields(one: object, users: Mapping[str, Json], known: Mapping[str, Json], given: set[str]) -> dict[str, object]:
    """The fields of a draft. Raises MalformedError `withheld`, `superseded_edit` or `not_a_post`."""
    if not isinstance(one, dict):
        raise refusal("not_a_post")
    post, first = _latest(one, known)
    if first in given:
        raise refusal("superseded_edit")
    given.add(first)
    if withheld(post):
        raise refusal("withheld")
    author = post["author"] if isinstance(post.get("author"), dict) else users.get(str(post.get("author_id")), {})
    found: dict[str, object] = {
        "platform": "x",
        "post_id": first,
        "text": _text(post, known),
        "author_id": post.get("author_id"),
        "author_handle": dig(author, "username"),
        "author_followers": dig(author, "public_metrics", "followers_count"),
        "author_place": dig(author, "location"),
        "hashtags": [dig(tag, "tag") for tag in many(_note(post) or post, "entities", "hashtags")],
        "url": f"https://x.com/i/web/status/{first}",
        "lang": post.get("lang"),
        **{link: ref.get("id") for ref in _references(post) if (link := _LINKS.get(str(ref.get("type"))))},
        **counts(dig(post, "public_metrics")),
    }
    return found | {"created_at": post["created_at"]} if post.get("created_at") else found


def _latest(one: Json, known: Mapping[str, Json]) -> tuple[Json, str]:
    """The latest edit of a post that the page holds, and the id of the first, which stays its id."""
    history = many(one, "edit_history_tweet_ids") or many(one, "edit_history_post_ids")
    versions = [str(version) for version in history]
    if not versions or one.get("id") == versions[-1]:
        return one, versions[0] if versions else str(one.get("id", ""))
    if versions[-1] not in known:
        raise refusal("superseded_edit")
    return known[versions[-1]], versions[0]


def withheld(post: Json) -> bool:
    """Whether X may not show the post in France."""
    countries = {str(code) for code in many(post, "withheld", "country_codes")}
    return dig(post, "withheld", "copyright") is True or bool(countries & _HERE)


def _text(post: Json, known: Mapping[str, Json]) -> object:
    """The whole text: the long form of a note, and of a repost the original's, which X cuts in the repost itself."""
    text = dig(_note(post), "text") or post.get("text")
    for ref in _references(post):
        if _LINKS.get(str(ref.get("type"))) == "repost_of":
            original = ref if "text" in ref else known.get(str(ref.get("id")), {})
            whole = dig(_note(original), "text") or original.get("text")
            if isinstance(text, str) and isinstance(whole, str):
                head, colon, _ = text.partition(": ")
                return f"{head}: {whole}" if colon and head.startswith("RT @") else whole
    return text


def _note(post: Json) -> Json | None:
    found = post.get("note_tweet") or post.get("note_post")
    return found if isinstance(found, dict) else None


def _references(post: Json) -> list[Json]:
    found = many(post, "referenced_tweets") + many(post, "referenced_posts")
    return [ref for ref in found if isinstance(ref, dict)]


def counts(metrics: object) -> dict[str, object]:
    """The counts of a post's public metrics, in our words and as X gave them."""
    reposts = dig(metrics, "repost_count")
    return {
        "likes": dig(metrics, "like_count"),
        "reposts": dig(metrics, "retweet_count") if reposts is None else reposts,
        "replies": dig(metrics, "reply_count"),
        "quotes": dig(metrics, "quote_count"),
        "views": dig(metrics, "impression_count"),
    }


def _minted(post_id: object) -> datetime | None:
    """When an X id was made (ids since November 2010 hold the millisecond); None for any other id."""
    if (
        isinstance(post_id, str)
        and post_id.isascii()
        and post_id.isdecimal()
        and 30_000_000_000 < int(post_id[:20]) < 2**63
    ):
        return datetime.fromtimestamp(((int(post_id) >> 22) + _EPOCH_MS) / 1000, UTC)
    return None


def by_id(held: list[object]) -> dict[str, Json]:
    """Users or posts by their id."""
    return {str(one["id"]): one for one in held if isinstance(one, dict) and isinstance(one.get("id"), str | int)}
