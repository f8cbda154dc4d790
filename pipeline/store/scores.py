"""What waits for a score, page by page, and the scores as they come back; no lock is held between the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select, tuple_

from pipeline.model import Scores
from pipeline.store import tables
from pipeline.store.database import reading, writing
from pipeline.store.faults import told
from pipeline.store.rows import IMAGE, SCORES, figure, fit
from pipeline.store.sql import change, one_of

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
    _survey(engine)
    last: tuple[int, str] | None = None
    while page := _page(engine, _wanted(scorer, shard, last), size):
        last = page[-1].post_key, page[-1].brand
        yield page


def _survey(engine: Engine) -> None:
    """Let PostgreSQL look at tables that an import may just have filled, or it sorts all of them for every page."""
    if engine.dialect.name == "postgresql":
        with told(engine), engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE post, mention")


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
    fit(tables.mention, "image_version", {scores.image_version for _, scores in scored if scores.image_version})
    fit(tables.post, "lang", {scores.lang for _, scores in scored if scores.lang})
    with writing(engine) as work:
        known = _known(work.connection, {asked.post_key for asked, _ in scored})
        read, languages = _news(known, scored)
        change(work, tables.post, ("lang",), languages)
        return change(work, tables.mention, SCORES, read)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store holds of a mention that comes back with scores."""

    text: str | None
    lang: str | None
    span: tuple[int, int]
    scores: tuple[object, ...]


def _known(connection: Connection, keys: set[int]) -> dict[tuple[int, str], _Known]:
    query = (
        select(_mention.post_key, _mention.brand, _post.text, _post.lang, _mention.start, _mention.end)
        .add_columns(*(tables.mention.c[name] for name in SCORES))
        .join_from(tables.mention, tables.post, _post.post_key == _mention.post_key)
        .where(one_of(connection, _mention.post_key, keys))
    )
    return {
        (own, brand): _Known(text, lang, (start, end), tuple(scores))
        for own, brand, text, lang, start, end, *scores in connection.execute(query)
    }


def _news(
    known: Mapping[tuple[int, str], _Known], scored: Sequence[tuple[ToScore, Scores]]
) -> tuple[dict[tuple[object, ...], tuple[object, ...]], dict[tuple[object, ...], tuple[object, ...]]]:
    """The scores that differ, by mention, and the languages that differ, by post."""
    read: dict[tuple[object, ...], tuple[object, ...]] = {}
    languages: dict[tuple[object, ...], tuple[object, ...]] = {}
    for asked, scores in scored:
        now = known.get((asked.post_key, asked.brand))
        # Text that expired in between leaves what was read of it true; an edit does not.
        if now is None or now.text not in (None, asked.text) or now.span != (asked.start, asked.end):
            continue
        told = _told(scores)
        if told != now.scores:
            read[asked.post_key, asked.brand] = told
        # "Not enough text to say" does not erase a language that was known.
        if scores.lang and scores.lang != now.lang:
            languages[(asked.post_key,)] = (scores.lang,)
    return read, languages


def _told(scores: Scores) -> tuple[object, ...]:
    tone = scores.label, figure(scores.score), scores.toward, figure(scores.toward_score), scores.scorer
    tags = (getattr(scores, name) for name in IMAGE)
    return *tone, *(None if told is None else ",".join(told) for told in tags), scores.image_version
