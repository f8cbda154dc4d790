"""Whatever the order, the repeats and the kills in the middle: the rows are those of one clean pass."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from store_story import found, mention, rows, save

from pipeline import store
from pipeline.store import posts, sql, tables

# The brands that version v of a post mentions: an edit brings some in and takes some out.
BRANDS = {0: ("just-dijon", "troyes"), 1: ("just-dijon",), 2: ("just-dijon", "lille")}


def version(number: int, at: int) -> store.Found:
    known = number % 2 == 0  # of some posts the platform never tells the author and followers
    author = {} if known else {"author_id": None, "author_followers": None}
    return found(number, at, mentions=tuple(mention(b) for b in BRANDS[at]), **author)


EVERY = [version(number, at) for number in range(4) for at in BRANDS]
batch = st.lists(st.sampled_from(EVERY), max_size=6)


class Killed(BaseException):
    """What a process that dies looks like from inside: nothing catches it."""


def dying(after: int) -> Iterator[None]:
    for step in itertools.count():
        if step == after:
            raise Killed
        yield


def attempt(engine: store.Engine, some: list[store.Found], after: int, monkeypatch) -> None:
    """Save a batch, dying before its statement number `after` if it has so many."""
    steps = dying(after)

    def step(*given: object) -> int:
        next(steps)
        return sql.put(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(posts, "put", step)
        try:
            save(engine, *some)
        except Killed:
            return


def emptied(engine: store.Engine) -> store.Engine:
    with engine.begin() as connection:
        for table in tables.metadata.sorted_tables:
            if table is not tables.counter:
                connection.execute(delete(table))
    return engine


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(st.tuples(batch, st.integers(0, 4)), max_size=8), last=st.permutations(EVERY))
def test_any_history_ends_in_the_rows_of_one_clean_pass(engine, monkeypatch, story, last):
    save(emptied(engine), *EVERY)
    clean = rows(engine)
    emptied(engine)
    for some, after in story:
        attempt(engine, some, after, monkeypatch)
    for at in range(0, len(last), 5):
        save(engine, *last[at : at + 5])
    assert rows(engine) == clean
    assert save(engine, *last).same == len(last)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(st.tuples(batch, st.booleans()), max_size=6))
def test_revisions_never_go_back_and_stay_where_nothing_changed(engine, story):
    emptied(engine)
    for some, twice in story:
        before = store.revision(engine)
        save(engine, *some)
        assert before <= store.revision(engine) <= before + 1
        if twice:
            now = store.revision(engine)
            save(engine, *some)
            assert store.revision(engine) == now
