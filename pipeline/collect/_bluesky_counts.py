"""What Jetstream does not tell: a post's counts and its author's followers, read from the AppView 25 at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode

from pipeline.collect import Again, Ask
from pipeline.collect._believed import believed
from pipeline.collect._bluesky import HIDDEN, labels
from pipeline.collect._http import Client
from pipeline.collect._json import dig, many
from pipeline.collect._values import count, identifier
from pipeline.errors import PipelineError, UnavailableError
from pipeline.model import Engagement, Post

T = TypeVar("T")

_MOST = 25  # ids a call, of posts as of accounts (app.bsky.feed.getPosts, app.bsky.actor.getProfiles)
_POSTS, _PROFILES = "/xrpc/app.bsky.feed.getPosts", "/xrpc/app.bsky.actor.getProfiles"

Profiles = dict[str, object]


def counted(client: Client, base: str, posts: Iterable[Post], ask: Ask) -> Iterator[Post]:
    """The posts with their counts, their authors' names and followers; without those of accounts that opted out.

    What cannot be read stays unknown and is counted as `counts_lost`: a post is worth more than its counts.
    """
    known: Profiles = {}
    for some in batches(posts):
        shown = _hinted(ask, client, base, _POSTS, "uris", [post.post_id for post in some])
        authors = {post.author_id for post in some if post.author_id} - known.keys()
        for did, profile in _hinted(ask, client, base, _PROFILES, "actors", sorted(authors)).items():
            known[did] = profile
        for post in some:
            profile = known.get(post.author_id or "")
            if HIDDEN.intersection(labels(dig(profile, "labels"))):
                ask.skip("not_public")
            else:
                yield _with_counts(post, shown.get(post.post_id), profile, ask)


def again(client: Client, base: str, post_ids: Iterable[str], ask: Ask) -> Iterator[Again]:
    """Each known post looked at once more; one that the AppView no longer shows is gone. Other ids are left out.

    Raises UnavailableError when it shows none of many.
    """

    def told(some: list[str]) -> list[Again]:
        shown = _asked(client, base, _POSTS, "uris", some)
        views = [(post_id, shown.get(post_id)) for post_id in some]
        return [Again(own, None if view is None else _engagement(view, ask), gone=view is None) for own, view in views]

    return believed(map(told, batches(one for one in post_ids if one.startswith("at://"))), "bluesky")


def batches(many_of: Iterable[T]) -> Iterator[list[T]]:
    """Lists of at most as many as one call takes."""
    left = iter(many_of)
    while some := list(islice(left, _MOST)):
        yield some


def _hinted(ask: Ask, client: Client, base: str, path: str, name: str, ids: list[str]) -> dict[str, object]:
    whole = not ask.truncated
    try:
        return _asked(client, base, path, name, ids)
    except PipelineError:
        ask.truncated &= not whole  # a night whose requests are used up by counts lacks no post
        ask.hint("counts_lost")
        return {}


def _asked(client: Client, base: str, path: str, name: str, ids: list[str]) -> dict[str, object]:
    """What the AppView shows of some posts (by address) or accounts (by DID). Raises what the client raises."""
    if not ids:
        return {}
    said = client.get(f"{base}{path}?{urlencode([(name, one) for one in ids])}").said
    kind, own = ("posts", "uri") if path == _POSTS else ("profiles", "did")
    if not isinstance(dig(said, kind), list):
        # Without the list nothing is known; an empty one would call every post gone.
        raise UnavailableError("bluesky: an answer without its list", source="bluesky")
    return {key: view for view in many(said, kind) if isinstance(key := dig(view, own), str)}


def _with_counts(post: Post, view: object, profile: object, ask: Ask) -> Post:
    handle = dig(profile, "handle")
    followers = dig(profile, "followersCount")
    return replace(
        post,
        author_handle=(identifier(handle) if isinstance(handle, str) else None) or post.author_handle,
        author_followers=count(followers, ask) if isinstance(followers, int | float) else None,
        engagement=None if view is None else _engagement(view, ask),
    )


def _engagement(view: object, ask: Ask) -> Engagement:
    names = ("likeCount", "repostCount", "replyCount", "quoteCount")
    given = (dig(view, name) for name in names)
    likes, reposts, replies, quotes = (count(n, ask) if isinstance(n, int | float) else None for n in given)
    return Engagement(ask.now, likes, reposts, replies, quotes)
