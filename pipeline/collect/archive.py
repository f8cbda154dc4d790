"""Files that people already have, read as a stream of any size: our JSON lines, X API v2 JSON, CSV exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.collect import Ask, Legal, _jsonl
from pipeline.collect._rejects import refusing
from pipeline.collect._stream import chunks, lines
from pipeline.errors import ConfigError
from pipeline.model import Post, Query, Window

NAME = "archive"
NEEDS: tuple[str, ...] = ("RAYONNER_ARCHIVE_PATH",)
LEGAL = Legal(terms="the operator's own files, kept under the terms of the platform each post comes from")

# Repeats further apart are left to the store, which knows every post: two sets of this size take some 40 MB.
_REMEMBERED = 250_000


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The posts of the file `path` (or RAYONNER_ARCHIVE_PATH) created inside the window; the others are counted."""
    path = ask.settings.get("path") or ask.settings.get("RAYONNER_ARCHIVE_PATH")
    if not path:
        raise ConfigError("the archive source needs a file: set RAYONNER_ARCHIVE_PATH, or use `rayonner import FILE`")
    for post in read(Path(path), ask):
        if window.holds(post.created_at):
            yield post
        else:
            ask.fetched -= 1
            ask.skip("outside_window")


def read(path: Path | str, ask: Ask, map: Path | str | None = None, format: str | None = None) -> Iterator[Post]:
    """Every post of a file, once, in the file's order; `ask.cursor` is `line:N`, the line being read."""
    unseen = _memory()
    with refusing(ask) as refuse:
        for number, post in _jsonl.posts(lines(chunks(Path(path), ask)), ask, refuse):
            ask.cursor = f"line:{number}"
            if unseen(hash((post.source, post.post_id, post.seen_at))):
                ask.fetched += 1
                yield post
            else:
                ask.skip("duplicate")


def _memory() -> Callable[[int], bool]:
    """A function that says whether it was not asked the same lately, in bounded memory."""
    young: set[int] = set()
    old: set[int] = set()

    def unseen(mark: int) -> bool:
        nonlocal young, old
        if mark in young or mark in old:
            return False
        young.add(mark)
        if len(young) >= _REMEMBERED:
            young, old = set(), young
        return True

    return unseen
