"""Each post of a night once, none of another night, and what is missing told by brand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pipeline.collect import Ask
from pipeline.errors import BudgetError
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


@contextmanager
def concerning(ask: Ask, brands: Iterable[str]) -> Iterator[None]:
    """What is cut short inside the block, or what the budget ends there, is missing for these brands only.

    Where a fault was counted in it, the brands are among `ask.broken` as well.
    """
    asked, faults = tuple(brands), ask.faults
    before, ask.truncated = ask.truncated, False
    try:
        yield
    except BudgetError:
        ask.truncated = True
        raise
    finally:
        if ask.truncated:
            ask.cut.update(asked)
            if ask.faults > faults:
                ask.broken.update(asked)
        ask.truncated |= before
