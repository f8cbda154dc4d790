"""Files that people already have, read as a stream of any size: our JSON lines, X API v2 JSON, CSV exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.collect import Ask, Legal, _engagements, _formats
from pipeline.collect._rejects import refusing
from pipeline.errors import ConfigError
from pipeline.model import Engagement, Post, Query, Window

NAME = "archive"
NEEDS: tuple[str, ...] = ("RAYONNER_ARCHIVE_PATH",)
LEGAL = Legal(terms="the operator's own files, kept under the terms of the platform each post comes from")

# Repeats further apart are left to the store, which knows every post: two sets of this size take some 40 MB.
_REMEMBERED = 250_000


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The posts of the file `path` (or RAYONNER_ARCHIVE_PATH) created inside the window; the others are counted.

    `map` and `format` in the settings mean what they mean to `read`.
    """
    path = ask.settings.get("path") or ask.settings.get("RAYONNER_ARCHIVE_PATH")
    if not path:
        raise ConfigError("the archive source needs a file: set RAYONNER_ARCHIVE_PATH, or use `rayonner import FILE`")
    ask.asked += 1
    for post in read(path, ask, ask.settings.get("map"), ask.settings.get("format")):
        if window.holds(post.created_at):
            yield post
        else:
            ask.fetched -= 1
            ask.skip("outside_window")


def read(path: Path | str, ask: Ask, map: Path | str | None = None, format: str | None = None) -> Iterator[Post]:
    """Every post of a file, once, in the file's order; `ask.cursor` is `line:N`, the line being read.

    `map` is a TOML map (or the name of a shipped one) for exports of listening tools, `format` one of
    `_formats.FORMATS` where the file does not show it. What cannot be used is counted by reason and, with
    `reject_path` in the settings, kept aside there. Raises ConfigError for a file that is not there or a bad map,
    SchemaError for a file in no known format.
    """
    unseen = _memory()
    with refusing(ask) as refuse:
        for number, post in _formats.posts(_file(path), ask, refuse, map, format):
            ask.cursor = f"line:{number}"
            if unseen(hash((post.source, post.post_id, post.seen_at))):
                ask.fetched += 1
                yield post
            else:
                ask.skip("duplicate")


def engagements(path: Path | str, ask: Ask) -> Iterator[tuple[str, str, Engagement]]:
    """Counts seen on posts on successive days, from CSV: (source, post id, engagement), in the file's order.

    Columns: post_id, observed_on (a day means its end in UTC, a moment itself), any of likes, reposts, replies,
    quotes, views, and source where it is not `source` of the settings or "x". Refusals as in `read`.
    """
    with refusing(ask) as refuse:
        for number, source, post_id, engagement in _engagements.read(_file(path), ask, refuse):
            ask.cursor = f"line:{number}"
            ask.fetched += 1
            yield source, post_id, engagement


def _file(path: Path | str) -> Path:
    found = Path(path)
    if not found.is_file():
        raise ConfigError(f"{found} is not a file that can be read")
    return found


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
