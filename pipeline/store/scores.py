"""What waits for a score, page by page, and the scores as they come back; no lock is held between the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select, tuple_

from pipeline.model import Scores
from pipeline.store import tables
from pipeline.store.database import reading, writing
from pipeline.store.rows import SCORES, Row, fit
from pipeline.store.sql import put, rows_of

_mention, _post = tables.mention.c, tables.post.c


@dataclass(frozen=True, slots=True)
class ToScore:
    """One accepted mention to read: `start` and `end` are character offsets into `text`, `lang` is ours or None."""

    post_key: int
    brand: str
    text: str
    start: int
    end: int
    lang: str | None


def to_score(
    engine: Engine, *, scorer: str | None = None, shard: tuple[int, int] = (0, 1), size: int = 2000
) -> Iterator[list[ToScore]]:
    """Accepted mentions whose text is kept and that no scorer has read yet, in pages of at most `size`.

    With `scorer` (`name/version`) also those that another scorer read; with `"*"` all of them. `shard` is (index,
    count): posts whose key modulo count is index. Pages follow the keys, each in a transaction of its own, so scores
    may be saved in between; the mentions of one post may fall on two pages.
    """
    last: tuple[int, str] | None = None
    while page := _page(engine, _wanted(scorer, shard, last), size):
        last = page[-1].post_key, page[-1].brand
        yield page


def _page(engine: Engine, wanted: ColumnElement[bool], size: int) -> list[ToScore]:
    columns = _mention.post_key, _mention.brand, _post.text, _mention.start, _mention.end, _post.lang
    joined = tables.mention.join(tables.post, _post.post_key == _mention.post_key)
    query = select(*columns).select_from(joined).where(wanted).order_by(_mention.post_key, _mention.brand).limit(size)
    with reading(engine) as connection:
        return [ToScore(*row) for row in connection.execute(query)]


def _wanted(scorer: str | None, shard: tuple[int, int], last: tuple[int, str] | None) -> ColumnElement[bool]:
    index, count = shard
    if not 0 <= index < count:
        raise ValueError(f"shard {index} of {count}: write 0 to {count - 1}")
    # `accepted` and `scorer is null` as the partial index spells them.
    terms = [_mention.accepted, _post.text.is_not(None)]
    if scorer is None:
        terms.append(_mention.scorer.is_(None))
    elif scorer != "*":
        terms.append(or_(_mention.scorer.is_(None), _mention.scorer != scorer))
    if count > 1:
        terms.append(_mention.post_key % count == index)
    if last:
        terms.append(tuple_(_mention.post_key, _mention.brand) > tuple_(*last))
    return and_(*terms)


def save_scores(engine: Engine, scored: Sequence[tuple[ToScore, Scores]]) -> int:
    """Store scores and the language they were read in; how many mentions changed (a replay changes none).

    A mention whose words were edited since they were read is left unscored, for the next page of `to_score`.
    """
    fit(tables.mention, "scorer", {scores.scorer for _, scores in scored})
    fit(tables.post, "lang", {scores.lang for _, scores in scored if scores.lang})
    keys = {asked.post_key for asked, _ in scored}
    with writing(engine) as work:
        posts = {row["post_key"]: row for row in rows_of(work.connection, _post.post_key, keys)}
        mentions = _mentions(work.connection, keys)
        changed, read = _scored(posts, mentions, scored)
        put(work, tables.post, read)
        return put(work, tables.mention, changed)


def _mentions(connection: Connection, keys: set[int]) -> dict[tuple[int, str], Row]:
    return {(row["post_key"], row["brand"]): row for row in rows_of(connection, _mention.post_key, keys)}


def _scored(
    posts: dict[int, Row], mentions: dict[tuple[int, str], Row], scored: Sequence[tuple[ToScore, Scores]]
) -> tuple[list[Row], list[Row]]:
    """The mentions and the posts that the scores change."""
    changed: dict[tuple[int, str], Row] = {}
    read: dict[int, Row] = {}
    for asked, scores in scored:
        post, mention = posts.get(asked.post_key), mentions.get((asked.post_key, asked.brand))
        if post is None or mention is None or not _still_says(post, mention, asked):
            continue
        values = asdict(scores)
        row = mention | {name: values[name] for name in SCORES}
        if row != mention:
            changed[asked.post_key, asked.brand] = row
        # "Not enough text to say" does not erase a language that was known.
        if scores.lang and scores.lang != post["lang"]:
            read[asked.post_key] = post | {"lang": scores.lang}
    return list(changed.values()), list(read.values())


def _still_says(post: Row, mention: Row, asked: ToScore) -> bool:
    same_text = post["text"] in (None, asked.text)  # expired in between: what was read is still true
    return same_text and (mention["start"], mention["end"]) == (asked.start, asked.end)
