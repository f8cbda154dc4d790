"""What the answers of X's API say: posts, what they cost, how many there are, and which are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.collect import Again, Ask
from pipeline.collect._json import Json, dig, many
from pipeline.collect._purse import Cost
from pipeline.collect._values import count
from pipeline.collect._xpages import by_id, counts, of_page, withheld
from pipeline.collect._xterms import POST_MICROS, USER_MICROS
from pipeline.model import Engagement, Post


def posts(page: Json, ask: Ask) -> Iterator[Post]:
    """The posts of a page, seen at `ask.now`; what cannot be read is counted."""
    if page.get("errors"):
        ask.hint("partial_errors")
    stamped = {**page, "__twarc": {"retrieved_at": ask.now.isoformat()}}
    return of_page(stamped, many(page, "data"), 0, ask, lambda _line, reason, _raw: ask.skip(reason))


def cost(page: Json) -> Cost:
    """What X bills for a page: each post and each author in it, those that came along included."""
    held = [many(page, "data"), many(page, "includes", "tweets"), many(page, "includes", "posts")]
    number, users = sum(map(len, held)), len(many(page, "includes", "users"))
    return Cost(requests=1, posts=number, micros=number * POST_MICROS + users * USER_MICROS)


def most(number: int, *, authors: bool) -> Cost:
    """What a page of so many posts costs at most, each with an author of its own if they come along."""
    each = POST_MICROS + (USER_MICROS if authors else 0)
    return Cost(requests=1, posts=number, micros=number * each)


def following(page: Json) -> str | None:
    """The token of the next page, None on the last."""
    token = dig(page, "meta", "next_token")
    return token if isinstance(token, str) and token else None


def ids(page: Json) -> tuple[str, ...] | None:
    """The ids of a page's posts, by which two pages are known to be one; None for an empty page."""
    return tuple(str(dig(one, "id")) for one in many(page, "data")) or None


def number(page: Json) -> int:
    """How many posts a page of counts says there are; 0 for what is no count."""
    total = 0
    for one in many(page, "data"):
        found = dig(one, "post_count")
        found = dig(one, "tweet_count") if found is None else found
        total += found if type(found) is int and found > 0 else 0
    return total


def again(page: Json, asked: Sequence[str], ask: Ask) -> Iterator[Again]:
    """Of the posts asked for by id: their counts now, or that X shows them no more, in France or at all.

    A post that is neither there nor in the errors is gone as well, unless X says it had trouble with the page.
    """
    shown, errors = by_id(many(page, "data")), many(page, "errors")
    named = [
        one for error in errors if concerns_a_post(error) for one in (dig(error, "resource_id"), dig(error, "value"))
    ]
    lost = {one for one in named if isinstance(one, str)}
    troubled = not all(map(concerns_a_post, errors))
    if troubled:
        ask.hint("partial_errors")
    for post_id in asked:
        post = shown.get(post_id)
        if post is not None and not withheld(post):
            yield Again(post_id, _engagement(post, ask))
        elif post is not None or post_id in lost or not troubled:
            yield Again(post_id, gone=True)


def concerns_a_post(error: object) -> bool:
    """Whether an error of an answer says that one post, named by it, cannot be seen: deleted, closed."""
    return str(dig(error, "type")).rpartition("/")[2] in ("resource-not-found", "not-authorized-for-resource")


def _engagement(post: Json, ask: Ask) -> Engagement | None:
    given = counts(dig(post, "public_metrics")).values()
    likes, reposts, replies, quotes, views = (
        count(one, ask) if isinstance(one, int | float | str) and not isinstance(one, bool) else None for one in given
    )
    known = Engagement(ask.now, likes, reposts, replies, quotes, views)
    return None if known == Engagement(ask.now) else known
