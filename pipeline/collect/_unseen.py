"""Each post of a night once, and none of another night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.collect import Ask
from pipeline.model import Post, Window


def unseen(found: Iterable[Post], window: Window, seen: set[str], ask: Ask) -> Iterator[Post]:
    """The posts of the window whose id is not in `seen`, which grows; the others are counted, these are `fetched`."""
    for post in found:
        if not window.holds(post.created_at):
            ask.skip("outside_window")
        elif post.post_id in seen:
            ask.skip("duplicate")
        else:
            seen.add(post.post_id)
            ask.fetched += 1
            yield post
