"""Figures that a platform lends for as long as the text: they go with it, those of other platforms stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_story import EXPIRES, found, rows, save

from pipeline import store
from pipeline.model import Reach
from pipeline.store import figures
from pipeline.store.rows import COUNTS

AUDIENCE = ("followers", "reach_low", "reach_central", "reach_high")


def tube(number: int, version: int = 1) -> store.Found:
    return found(number, version, source="tube")


def known(engine: store.Engine) -> dict[str, int]:
    """Posts whose followers or reach are known, and observations that hold a count."""
    kept = rows(engine)
    return {
        "posts": sum(any(row[name] is not None for name in AUDIENCE) for row in kept["post"]),
        "counts": sum(any(row[name] is not None for name in COUNTS) for row in kept["engagement"]),
    }


def test_figures_go_with_the_text_and_with_it_alone(engine):
    late = replace(tube(2), expires_on=EXPIRES + timedelta(days=1))
    save(engine, tube(1), tube(1, 2), late, found(3, 1))
    assert store.expire(engine, EXPIRES - timedelta(days=1), ["tube"])["figures"] == 0
    before, shape = store.revision(engine), {table: len(every) for table, every in rows(engine).items()}
    assert store.expire(engine, EXPIRES, ["tube"])["figures"] == 1
    assert known(engine) == {"posts": 2, "counts": 2}
    assert {table: len(every) for table, every in rows(engine).items()} == shape
    told = [row for part in store.changes(engine, "engagement", before) for row in part]
    assert [row["likes"] for row in told] == [None, None], "a build that saw them before hears of it"
    (gone,) = [row for row in rows(engine)["post"] if row["text"] is None and row["source"] == "tube"]
    assert (gone["source"], gone["kind"], gone["reach_version"]) == ("tube", "post", "test/1")


def test_twice_is_once(engine):
    save(engine, tube(1))
    store.expire(engine, EXPIRES, ["tube"])
    kept, revision = rows(engine, revision=True), store.revision(engine)
    assert store.expire(engine, EXPIRES, ["tube"]) == {"posts": 0, "mentions": 0, "figures": 0}
    assert (rows(engine, revision=True), store.revision(engine)) == (kept, revision)


def test_what_expired_before_the_rule_and_what_is_seen_anew_go_at_the_next_call(engine):
    save(engine, tube(1))
    store.expire(engine, EXPIRES)
    assert known(engine) == {"posts": 1, "counts": 1}
    assert store.expire(engine, EXPIRES, ["tube"])["figures"] == 1
    save(engine, tube(1, 5))
    assert known(engine) == {"posts": 1, "counts": 1}
    assert store.expire(engine, EXPIRES, ["tube"])["figures"] == 1
    assert known(engine) == {"posts": 0, "counts": 0}


@pytest.mark.parametrize("kind", ["counts", "audience"])
def test_either_kind_of_figure_alone_is_found(engine, kind):
    one = tube(1)
    post = replace(one.post, engagement=None) if kind == "audience" else replace(one.post, author_followers=None)
    reach = one.reach if kind == "audience" else Reach(None, None, None, None, "test/1")
    save(engine, replace(one, post=post, reach=reach))
    assert sum(known(engine).values()) == 1
    assert store.expire(engine, EXPIRES, ["tube"])["figures"] == 1
    assert sum(known(engine).values()) == 0


def test_figures_go_in_short_transactions_and_a_call_cut_short_is_finished(engine, monkeypatch):
    monkeypatch.setattr(figures, "_BATCH", 10)
    save(engine, *(tube(n) for n in range(25)))
    blank, done = figures._blank, []

    def killed(given, keys):
        if done:
            raise RuntimeError("killed")
        done.append(blank(given, keys))

    with monkeypatch.context() as patch:
        patch.setattr(figures, "_blank", killed)
        with pytest.raises(RuntimeError):
            store.expire(engine, EXPIRES, ["tube"])
    assert known(engine) == {"posts": 15, "counts": 15}
    assert store.expire(engine, EXPIRES, ["tube"])["figures"] == 15
    assert known(engine) == {"posts": 0, "counts": 0}
