"""Second looks: due before an age and within the delay, made once, and what is gone goes with its reposts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from store_story import EXPIRES, KEY, START, found, rows, save

from pipeline import store
from pipeline.collect import Again, Gone
from pipeline.model import Engagement
from pipeline.store import leaving, rechecks, tables
from pipeline.store.posts import Told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEAD = 13 * HOUR
LATER = START + 2 * DAY


def looks(engine) -> set[tuple[int, str]]:
    query = select(tables.recheck.c.age_days, tables.recheck.c.outcome)
    with engine.connect() as connection:
        return {(row.age_days, row.outcome) for row in connection.execute(query)}


def due(engine, age: int, now, **given) -> list[str]:
    asked = rechecks.coming_of_age(engine, "sample", age, now, LEAD, **({"limit": 99} | given))
    return sorted(post.post_id for post in rechecks.settle(engine, age, asked, now, LEAD))


def look(engine, at, *answers: Again) -> rechecks.Looks:
    return rechecks.save_looks(engine, "sample", answers, key=KEY, at=at, lead=LEAD)


def counted(number: int, at, likes: int) -> Again:
    return Again(f"id-{number}", Engagement(at, likes=likes))


def test_a_post_is_due_in_the_hours_before_its_age_and_not_after(engine):
    save(engine, found(0))  # written at START, first seen an hour later
    assert due(engine, 3, START + 3 * DAY - LEAD - HOUR) == []
    assert due(engine, 3, START + 3 * DAY - LEAD + HOUR) == ["id-0"]
    assert due(engine, 3, START + 3 * DAY) == ["id-0"]
    assert looks(engine) == set()
    assert due(engine, 3, START + 3 * DAY + HOUR) == []
    assert looks(engine) == {(3, "missed")}


def test_collecting_in_the_hours_before_an_age_is_the_look_for_it(engine):
    save(engine, found(0, seen_at=START + 20 * HOUR))
    assert due(engine, 1, START + 23 * HOUR) == []
    assert looks(engine) == {(1, "seen")}


def test_a_look_serves_the_age_it_comes_before_and_is_not_made_twice(engine):
    save(engine, found(0), found(1))
    at = START + 7 * DAY - 2 * HOUR
    assert due(engine, 7, at) == ["id-0", "id-1"]
    first = look(engine, at, counted(0, at, 7), counted(9, at, 1))
    assert (first, due(engine, 7, at)) == (rechecks.Looks(seen=1, observed=1), ["id-1"])
    assert looks(engine) == {(0, "seen"), (7, "seen")}
    assert look(engine, at, counted(0, at, 7)) == rechecks.Looks(seen=1)
    observed = [row["likes"] for row in rows(engine)["engagement"] if row["likes"]]
    assert observed == [7]


def test_unchanged_counts_are_a_look_and_no_news(engine):
    save(engine, found(0, 1))
    assert look(engine, LATER, counted(0, LATER, 10)) == rechecks.Looks(seen=1)


def test_the_longest_unseen_come_first_and_pages_do_not_repeat(engine):
    save(engine, *(found(number, number) for number in range(5)))
    look(engine, START + 9 * HOUR, counted(0, START, 1))
    before, after, told = START + 9 * HOUR, None, []
    while page := rechecks.unseen(engine, "sample", before, 2, after):
        told += [post.post_id for post in page]
        after = page[-1]
    assert told == ["id-1", "id-2", "id-3", "id-4", "id-0"]
    assert rechecks.unseen(engine, "sample", START, 9) == []
    assert rechecks.unseen(engine, "x", before, 9) == []
    assert rechecks.overdue(engine, "sample", START + 4 * HOUR) == 3


def test_pages_of_an_age_do_not_repeat_where_moments_are_the_same(engine):
    save(engine, *(found(number, created_at=START) for number in range(5)))
    after, told = None, []
    while page := rechecks.coming_of_age(engine, "sample", 3, START + 3 * DAY, LEAD, 2, after):
        told += [post.post_id for post in page]
        after = page[-1]
    assert sorted(told) == [f"id-{number}" for number in range(5)]


def test_an_age_reached_long_ago_is_left_alone(engine):
    save(engine, found(0))
    assert due(engine, 1, START + 9 * DAY) == []
    assert looks(engine) == set()


def test_expired_and_deleted_posts_are_followed_no_more(engine):
    save(engine, found(0), found(1))
    look(engine, LATER, counted(0, LATER, 1), counted(1, LATER, 1))
    store.forget(engine, "sample", "id-1", KEY)
    assert look(engine, LATER, counted(1, LATER, 2)) == rechecks.Looks()
    store.expire(engine, EXPIRES)
    assert rechecks.unseen(engine, "sample", LATER + DAY, 9) == []
    assert looks(engine) == set()


def test_what_a_look_finds_gone_leaves_with_its_reposts_and_a_dated_trace(engine):
    save(engine, found(0), found(1), found(2, kind="repost", repost_of="id-0", author_id="another"))
    look(engine, LATER, counted(0, LATER, 1))
    told = look(engine, LATER + DAY, Again("id-0", gone=True), Again("id-7", gone=True), counted(1, LATER, 5))
    assert told == rechecks.Looks(seen=1, observed=1, left=2)
    kept = rows(engine)
    assert [row["post_id"] for row in kept["post"]] == ["id-1"]
    assert [(r["source"], r["gone_after"], r["applied_at"]) for r in kept["deletion"]] == [
        ("sample", LATER, LATER + DAY)
    ] * 2
    assert look(engine, LATER + DAY, Again("id-0", gone=True)) == rechecks.Looks()
    assert leaving.delays(engine, START) == {"sample": [24.0, 24.0]}
    assert leaving.delays(engine, LATER + 2 * DAY) == {}


def test_a_stream_of_deletions_touches_only_what_is_kept(engine):
    gone = [Gone(post_id=f"id-{n}", at=LATER) for n in (0, 77)]
    told = Told("sample", gone, LATER + 2 * HOUR)
    saved = save(engine, found(0), found(1), told=told)
    assert (saved.new, saved.left) == (2, 1)
    assert [row["post_id"] for row in rows(engine)["post"]] == ["id-1"]
    assert len(rows(engine)["deletion"]) == 1
    assert leaving.delays(engine, START) == {"sample": [2.0]}
    assert leaving.told_gone(engine, [Gone("id-1"), Gone("id-0"), Gone("id-5")], "sample", KEY) == [Gone("id-1")]
    assert save(engine, found(0)).opposed == 1


def test_an_author_who_leaves_takes_all_their_posts_along(engine):
    save(engine, *(found(number) for number in range(6)))
    own, other = Gone(author_id="author-4711-1", at=LATER), Gone(author_id="nobody")
    assert leaving.told_gone(engine, [own, other], "sample", KEY) == [own]
    assert save(engine, told=Told("sample", [own, other], LATER)).left == 2
    assert {row["post_id"] for row in rows(engine)["post"]} == {"id-0", "id-2", "id-3", "id-5"}


def test_a_kill_between_posts_and_deletions_loses_neither(engine, monkeypatch):
    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    cursor = store.Cursor("sample", "night", "after", START)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.posts.leave", killed)
        with pytest.raises(RuntimeError):
            save(engine, found(0), told=Told("sample", [Gone("id-0")], LATER), cursor=cursor)
    assert (store.counts(engine)["posts"], store.cursor(engine, "sample", "night")) == (0, None)


def test_a_clock_that_runs_ahead_is_no_negative_delay(engine):
    save(engine, found(0), told=Told("sample", [Gone("id-0", at=LATER + DAY)], LATER))
    assert leaving.delays(engine, START) == {"sample": [0.0]}
    assert rows(engine)["deletion"][0]["deleted_at"] == date(2026, 1, 7)
