"""Texts that older matching rules read, page by page, and their mentions as today's rules find them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, exists, select

from pipeline.model import Mention
from pipeline.store import merge, tables
from pipeline.store.database import reading, writing
from pipeline.store.rows import Row, fit, mention_row, read_by
from pipeline.store.sql import change, put, rows_of

_mention, _post = tables.mention.c, tables.post.c


@dataclass(frozen=True, slots=True)
class ToMatch:
    """One kept text in which mentions were looked for by rules of another version."""

    post_key: int
    text: str


def to_match(
    engine: Engine,
    *,
    matcher: str,
    brands: Collection[str],
    files: Mapping[str, str] | None = None,
    size: int = 2000,
) -> Iterator[list[ToMatch]]:
    """Posts whose text is kept and that have a mention of one of `brands` not found by `matcher`, in pages.

    With `files`, nor by the version of the brand's file that it tells. What `save_matched` wrote is not met again, so a
    run that was killed goes on where it stopped.
    """
    last: int | None = None
    # The version of a brand's file is that of no other, so one list does for all.
    today = sorted({read_by(matcher, files, brand) for brand in brands})
    older = exists().where(
        _mention.post_key == _post.post_key, _mention.matcher.not_in(today), _mention.brand.in_(sorted(brands))
    )
    while True:
        wanted = select(_post.post_key, _post.text).where(_post.text.is_not(None), older)
        if last is not None:
            wanted = wanted.where(_post.post_key > last)
        with reading(engine) as connection:
            page = [ToMatch(*row) for row in connection.execute(wanted.order_by(_post.post_key).limit(size))]
        if not page:
            return
        last = page[-1].post_key
        yield page


def save_matched(
    engine: Engine,
    matched: Sequence[tuple[ToMatch, Sequence[Mention]]],
    *,
    matcher: str,
    brands: Collection[str],
    files: Mapping[str, str] | None = None,
) -> int:
    """Store what `matcher` finds in each text, in one transaction; how many mentions it judged otherwise.

    A mention whose words stay the same keeps its scores; one of `brands` that is no longer found is refused; a text
    that was edited or expired since it was read is left for the next run. Twice is once.
    """
    readers = {brand: read_by(matcher, files, brand) for brand in brands}
    fit(tables.mention, "matcher", [matcher, *readers.values()])
    fit(tables.mention, "brand", {one.brand for _, found in matched for one in found})
    with writing(engine) as work:
        keys = {asked.post_key for asked, _ in matched}
        texts = {row["post_key"]: row["text"] for row in rows_of(work.connection, _post.post_key, keys)}
        stored: dict[int, dict[str, Row]] = {}
        for row in rows_of(work.connection, _mention.post_key, keys):
            stored.setdefault(row["post_key"], {})[row["brand"]] = row
        written: list[Row] = []
        otherwise = 0
        for asked, found in matched:
            if texts.get(asked.post_key) == asked.text:
                mine = stored.get(asked.post_key, {})
                changed = _changed(mine, asked.post_key, found, matcher, readers)
                otherwise += sum(_verdict(mine.get(row["brand"])) != _verdict(row) for row in changed)
                written += changed
        put(work, tables.mention, written)
    return otherwise


def save_near_keys(engine: Engine, found: Sequence[tuple[ToMatch, int]]) -> int:
    """Store the key of near copies of each text that has another or none; how many. An edited text is left alone."""
    with writing(engine) as work:
        kept = {
            row["post_key"]: row for row in rows_of(work.connection, _post.post_key, {a.post_key for a, _ in found})
        }
        values = {
            (asked.post_key,): (near,)
            for asked, near in found
            if (row := kept.get(asked.post_key)) and row["text"] == asked.text and row["near_key"] != near
        }
        return change(work, tables.post, ["near_key"], values)


def _changed(
    stored: dict[str, Row], own: int, found: Sequence[Mention], matcher: str, readers: Mapping[str, str]
) -> list[Row]:
    """The rows that differ once these rules have read the text; every mention in scope says that they have."""
    seen = {one.brand: mention_row(one, own, readers.get(one.brand, matcher)) for one in found}
    after = stored | merge.mentions(stored, seen, "same_text", expired=False, scope=frozenset(readers))
    read = {brand: row | {"matcher": readers[brand]} if brand in readers else row for brand, row in after.items()}
    return [row for brand, row in read.items() if row != stored.get(brand)]


def _verdict(row: Row | None) -> tuple[object, ...]:
    """What a reader of a mention would see change."""
    return () if row is None else (row["accepted"], row["sense"], row["start"], row["end"])
