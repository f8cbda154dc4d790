"""What a batch of posts becomes in the store, the first time and every other time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from store_story import KEY, START, found, mention, rows, save, score

from pipeline import store
from pipeline.errors import MalformedError
from pipeline.model import Reach
from pipeline.store import posts


def only(engine: store.Engine, table: str) -> dict[str, object]:
    (row,) = rows(engine)[table]
    return row


def test_a_post_is_kept_with_its_mentions_and_counts(engine):
    assert save(engine, found()) == store.Saved(new=1, changed=0, same=0, opposed=0)
    post = only(engine, "post")
    assert post["text"] == "Un jour à Dijon, numéro 1"
    assert post["created_at"] == START + timedelta(minutes=1)
    assert post["created_at"].tzinfo is UTC
    assert post["night"] == date(2026, 1, 5)
    assert post["post_key"] == store.post_key(KEY, "sample", "id-1")
    assert post["author_key"] == store.author_key(KEY, "sample", "author-4711-1")
    assert (post["reach_low"], post["reach_central"], post["reach_high"]) == (1.0, 2.5, 4.0)
    assert (post["cluster_key"], post["near_key"]) == (1, 0)
    assert only(engine, "mention")["evidence"] == "Dijon"
    assert only(engine, "mention")["scorer"] is None
    assert only(engine, "engagement")["likes"] == 0
    assert only(engine, "engagement")["views"] is None


def test_a_replay_changes_nothing_and_takes_no_revision(engine):
    batch = [found(n) for n in range(300)]
    save(engine, *batch)
    before = rows(engine, revision=True)
    assert save(engine, *reversed(batch)) == store.Saved(new=0, changed=0, same=300, opposed=0)
    assert rows(engine, revision=True) == before
    assert store.revision(engine) == 1


def test_the_same_version_seen_again_on_a_later_night_is_no_change(engine):
    save(engine, found())
    again = found()
    later = again.post.seen_at + timedelta(days=1)
    counts = replace(again.post.engagement, observed_at=later)
    seen = replace(again, post=replace(again.post, seen_at=later, engagement=counts), expires_on=date(2026, 5, 1))
    assert save(engine, seen).same == 1
    assert store.revision(engine) == 1


def test_only_the_rows_that_change_take_the_new_revision(engine):
    save(engine, found(1), found(2))
    assert save(engine, found(1), found(2, 1)) == store.Saved(new=0, changed=1, same=1, opposed=0)
    assert sorted(row["revision"] for row in rows(engine, revision=True)["post"]) == [1, 2]


def test_the_newest_version_wins_inside_a_batch_and_across_batches(engine):
    assert save(engine, found(1, 2), found(1, 0), found(1, 1)) == store.Saved(1, 2, 0, 0)
    assert only(engine, "post")["text"].endswith("corrigé 2 fois")
    assert save(engine, found(1, 0)).same == 1
    assert only(engine, "post")["followers"] == 102


def test_an_edit_drops_the_scores_and_the_mentions_it_took_out(engine):
    save(engine, found(mentions=(mention(), mention("troyes"))))
    score(engine)
    save(engine, found(version=1))
    dijon, troyes = rows(engine)["mention"]
    assert (dijon["accepted"], dijon["scorer"]) == (True, None)
    assert (troyes["accepted"], troyes["rule"], troyes["evidence"]) == (False, "edited-out", None)


def test_matching_again_replaces_the_sense_and_keeps_the_scores(engine):
    save(engine, found())
    score(engine)
    assert save(engine, found(mentions=(mention(sense="club", accepted=False),)), matcher="test/2").changed == 1
    row = only(engine, "mention")
    assert (row["sense"], row["matcher"], row["label"], row["scorer"]) == ("club", "test/2", "positive", "test/1")


def test_another_span_is_scored_again(engine):
    save(engine, found())
    score(engine)
    save(engine, found(mentions=(mention(start=17, end=23),)))
    assert only(engine, "mention")["scorer"] is None


def test_a_mention_the_rules_no_longer_find_is_refused_when_its_brand_was_listened_for(engine):
    save(engine, found(mentions=(mention(), mention("troyes"))))
    assert save(engine, found()).same == 1
    assert save(engine, found(), brands=["just-dijon", "troyes"]).changed == 1
    assert save(engine, found(), brands=["just-dijon", "troyes"]).same == 1
    assert [row["accepted"] for row in rows(engine)["mention"]] == [True, False]


def test_what_is_known_is_not_replaced_by_the_unknown(engine):
    save(engine, found())
    poorer = found(1, 1, author_id=None, url=None, author_followers=None, engagement=None)
    save(engine, replace(poorer, reach=Reach(None, None, None, None, "test/1")))
    post = only(engine, "post")
    assert post["author_key"] == store.author_key(KEY, "sample", "author-4711-1")
    assert post["url"] == "https://example.org/post/1"
    assert (post["followers"], post["reach_central"]) == (100, 2.5)


def test_an_older_version_that_comes_late_tells_only_what_was_unknown(engine):
    save(engine, found(1, 1, author_id=None, author_followers=None))
    assert save(engine, found()).changed == 1
    post = only(engine, "post")
    assert post["author_key"] == store.author_key(KEY, "sample", "author-4711-1")
    assert (post["followers"], post["text"]) == (100, "Un jour à Dijon, numéro 1, corrigé 1 fois")
    assert save(engine, found(), found(1, 1, author_id=None, author_followers=None)).same == 2


def test_the_same_version_seen_earlier_takes_the_earlier_moment(engine):
    later = found(engagement=None)
    earlier = replace(later, post=replace(later.post, seen_at=START))
    save(engine, later)
    assert save(engine, earlier).changed == 1
    assert only(engine, "post")["seen_at"] == START
    assert save(engine, later).same == 1


def test_expired_text_never_returns(engine):
    save(engine, found())
    store.expire(engine, date(2026, 4, 5))
    before = rows(engine, revision=True)
    for late in (found(), replace(found(), expires_on=date(2027, 1, 1))):
        assert save(engine, late).same == 1
    assert rows(engine, revision=True) == before
    save(engine, replace(found(1, 3), expires_on=date(2027, 1, 1)))
    post = only(engine, "post")
    assert (post["text"], post["url"], post["post_id"]) == (None, None, None)
    assert post["expires_on"] == date(2026, 4, 5)
    assert only(engine, "mention")["evidence"] is None


def test_text_from_the_network_cannot_break_a_batch(engine):
    odd = "Dijon \0 \ud800 \udfff \x1b[31m <b> =1+1 " + "é" * 1_000_000
    batch = found(text=odd, post_id="\0\ud83d", author_id="\udc00", url="https://example.org/\0", author_followers=-1)
    counts = replace(batch.post.engagement, likes=2**80, reposts=-5, views=2**63 - 1)
    reach = Reach(None, float("nan"), float("inf"), 3.0, "test/1")
    assert save(engine, replace(batch, post=replace(batch.post, engagement=counts), reach=reach)).new == 1
    post = only(engine, "post")
    assert len(post["text"]) == len(odd)  # offsets stay true
    assert post["text"].startswith("Dijon \ufffd \ufffd \ufffd \x1b[31m")
    assert (post["followers"], post["reach_low"], post["reach_central"], post["reach_high"]) == (None, None, None, 3.0)
    seen = only(engine, "engagement")
    assert (seen["likes"], seen["reposts"], seen["views"]) == (None, None, 2**63 - 1)
    assert save(engine, replace(batch, post=replace(batch.post, engagement=counts), reach=reach)).same == 1


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"created_at": datetime(2026, 1, 5, 12)}, ValueError),  # noqa: DTZ001 the point of the test
        ({"seen_at": datetime(2026, 1, 5, 12)}, ValueError),  # noqa: DTZ001
        ({"created_at": datetime.max.replace(tzinfo=UTC)}, MalformedError),
        ({"source": "s" * 33}, ValueError),
    ],
)
def test_a_batch_that_cannot_be_kept_leaves_nothing(engine, wrong, error):
    with pytest.raises(error):
        save(engine, found(1), found(2, **wrong))
    assert rows(engine)["post"] == []


def test_a_name_longer_than_its_column_is_refused_on_both_databases(engine):
    with pytest.raises(ValueError, match=r"mention\.brand"):
        save(engine, found(mentions=(mention("b" * 65),)))


def test_posts_and_cursor_are_committed_together(engine, monkeypatch):
    cursor = store.Cursor("sample", "night", "page 2", START)
    save(engine, found(1), cursor=cursor)
    assert store.cursor(engine, "sample", "night") == "page 2"
    assert store.cursor(engine, "sample", "other") is None

    def broken(*_: object) -> None:
        raise RuntimeError("killed between two statements")

    monkeypatch.setattr(posts, "_move", broken)
    with pytest.raises(RuntimeError):
        save(engine, found(2), cursor=replace(cursor, value="page 3"))
    assert len(rows(engine)["post"]) == 1
    assert store.cursor(engine, "sample", "night") == "page 2"
    assert store.revision(engine) == 1


def test_a_replayed_batch_does_not_move_the_cursor_back_in_time(engine):
    save(engine, cursor=store.Cursor("sample", "night", "new", START + timedelta(days=1)))
    save(engine, cursor=store.Cursor("sample", "night", "old", START))
    assert store.cursor(engine, "sample", "night") == "new"
    assert store.revision(engine) == 0
