"""The build sees one state of the store, and only what changed."""

from __future__ import annotations

import pytest
from store_story import found, rows, save, score

from pipeline import store


def keys(parts: object) -> set[object]:
    return {row["post_key"] for part in parts for row in part}


def test_a_snapshot_is_one_state_while_others_write(engine):
    save(engine, found(1))
    with store.snapshot(engine) as shown:
        save(engine, found(2))
        score(engine)
        assert shown.revision == 1
        assert len(keys(shown.changes("post", 0))) == 1
        assert all(row["scorer"] is None for part in shown.changes("mention", 0) for row in part)
    assert store.revision(engine) == 3
    assert len(keys(store.changes(engine, "post", 0))) == 2


def test_only_later_revisions_are_told_in_parts_of_the_asked_size(engine):
    save(engine, *(found(n) for n in range(10)))
    save(engine, *(found(n) for n in range(10, 35)))
    parts = list(store.changes(engine, "post", 1, size=10))
    assert [len(part) for part in parts] == [10, 10, 5]
    assert all(row["revision"] == 2 for part in parts for row in part)
    assert list(store.changes(engine, "post", 2)) == []


def test_lists_of_people_are_not_shown_to_the_build(engine):
    for table in ("opposition", "cursor", "nothing"):
        with pytest.raises(KeyError):
            list(store.changes(engine, table, 0))


def test_counts_tell_what_there_is(engine):
    save(engine, found(1), found(2))
    told = store.counts(engine)
    assert (told["posts"], told["posts_with_text"], told["mentions"], told["unscored"]) == (2, 2, 2, 2)
    assert told["revision"] == store.revision(engine) == 1
    assert len(rows(engine)["post"]) == told["posts"]
