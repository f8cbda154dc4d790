"""From a post to what the store keeps of it: the shared inner loop of collecting and importing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from pipeline import collect, match, store
from pipeline.collect import Legal
from pipeline.errors import PipelineError
from pipeline.match import Matcher
from pipeline.model import Brand, Ownership, Post
from pipeline.score import reach

# Small enough for a short write lock, large enough that the cost of a transaction disappears.
BATCH = 2_000

T = TypeVar("T")

# A platform that no source knows (an archive from elsewhere): kept under the operator's responsibility, never shown.
UNKNOWN = Legal(terms="unknown platform: stored under the operator's own basis", show_link=False)


@cache
def legal_of(platform: str) -> Legal:
    """The legal profile of a platform; the careful default where no source of that name exists."""
    return collect.load(platform).LEGAL if platform in collect.names() else UNKNOWN


def expiry(platform: str, collected_on: date, retention_days: int) -> date:
    """The day from which a post's text, link and ids must be gone: the shorter of our rule and the source's terms."""
    return collected_on + timedelta(days=min(retention_days, legal_of(platform).store_days))


def found(post: Post, matcher: Matcher, brands: Mapping[str, Brand], expires_on: date) -> store.Found | None:
    """What the store keeps of a post, or None when nothing in it could be a mention."""
    if not matcher.touches(post.text):
        return None
    mentions = matcher.mentions(post.text, author_place=post.author_place)
    if not mentions:
        return None
    views = post.engagement.views if post.engagement else None
    return store.Found(
        post=post,
        mentions=tuple(mentions),
        lang=None,
        reach=reach.estimate(post.source, post.author_followers, views),
        ownership=_ownership(post, [brands[m.brand] for m in mentions if m.accepted]),
        expires_on=expires_on,
        cluster_key=match.cluster_key(post.text),
        near_key=match.near_key(post.text),
    )


def _ownership(post: Post, brands: Sequence[Brand]) -> Ownership:
    """Owned beats partner beats earned when a post mentions several brands."""
    held = {match.ownership(brand, post) for brand in brands}
    return "owned" if "owned" in held else "partner" if "partner" in held else "earned"


def batches(posts: Iterator[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut a stream into lists of at most `size`.

    What came before the stream fails is given, then its error: it may have been paid for.
    """
    batch: list[T] = []
    failure: PipelineError | None = None
    try:
        for post in posts:
            batch.append(post)
            if len(batch) >= size:
                yield batch
                batch = []
    except PipelineError as error:
        failure = error
    if batch:
        yield batch
    if failure:
        raise failure
