"""Mentions wait for a score, page by page, and keep it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_story import found, mention, rows, save, score

from pipeline import store
from pipeline.model import Scores

READ = Scores("fr", "positive", 0.5, "neutral", 0.1, "fast/1")


def waiting(engine: store.Engine, **given: object) -> list[store.ToScore]:
    return [asked for page in store.to_score(engine, **given) for asked in page]


def test_only_accepted_mentions_with_text_wait(engine):
    save(engine, found(1), found(2, mentions=(mention(accepted=False),)))
    (asked,) = waiting(engine)
    assert (asked.brand, asked.text, asked.start, asked.end) == ("just-dijon", "Un jour à Dijon, numéro 1", 10, 15)
    assert asked.lang is None


def test_pages_go_on_while_scores_are_saved_in_between(engine):
    save(engine, *(found(n, mentions=(mention(), mention("troyes"))) for n in range(25)))
    sizes = []
    for page in store.to_score(engine, size=7):
        sizes.append(len(page))
        assert store.save_scores(engine, [(asked, READ) for asked in page]) == len(page)
    assert sizes == [7] * 7 + [1]
    assert waiting(engine) == []


def test_shards_share_the_work_without_overlap(engine):
    save(engine, *(found(n) for n in range(50)))
    shards = [waiting(engine, shard=(n, 3)) for n in range(3)]
    assert sorted(asked.post_key for shard in shards for asked in shard) == sorted(
        asked.post_key for asked in waiting(engine)
    )
    assert all(len(shard) > 5 for shard in shards)
    with pytest.raises(ValueError, match="write 0 to 2"):
        waiting(engine, shard=(3, 3))


def test_scores_and_language_are_kept_and_a_replay_changes_nothing(engine):
    save(engine, found())
    (asked,) = waiting(engine)
    assert store.save_scores(engine, [(asked, READ)]) == 1
    revision = store.revision(engine)
    assert store.save_scores(engine, [(asked, READ)]) == 0
    save(engine, found())
    assert store.revision(engine) == revision
    (row,) = rows(engine)["mention"]
    assert [row[n] for n in ("label", "score", "toward", "toward_score", "scorer")] == [
        "positive",
        0.5,
        "neutral",
        0.1,
        "fast/1",
    ]
    assert rows(engine)["post"][0]["lang"] == "fr"


def test_tags_are_kept_and_none_is_told_from_not_read(engine):
    save(engine, found(1), found(2), found(3))
    tagged = replace(READ, themes=("events", "nature"), audiences=(), emotions=("joy",), senses=(), image_version="i/1")
    first, second, third = waiting(engine)
    store.save_scores(engine, [(first, tagged), (second, replace(tagged, themes=(), emotions=())), (third, READ)])
    told = [[row[n] for n in ("themes", "audiences", "emotions", "senses", "image_version")] for row in read(engine)]
    assert told == [["events,nature", "", "joy", "", "i/1"], ["", "", "", "", "i/1"], [None] * 5]
    assert store.save_scores(engine, [(first, tagged)]) == 0
    save(engine, *(found(n, 1) for n in (1, 2, 3)))
    assert [row["themes"] for row in read(engine)] == [None] * 3


def read(engine: store.Engine) -> list[dict[str, object]]:
    return sorted(rows(engine)["mention"], key=lambda row: row["post_key"])


def test_an_unread_language_does_not_erase_a_known_one(engine):
    save(engine, found())
    (asked,) = waiting(engine)
    store.save_scores(engine, [(asked, READ)])
    store.save_scores(engine, [(asked, Scores(None, None, None, None, None, "fast/2"))])
    assert rows(engine)["post"][0]["lang"] == "fr"
    assert rows(engine)["mention"][0]["score"] is None


def test_a_number_that_is_none_is_kept_as_unknown(engine):
    save(engine, found())
    score(engine, value=float("nan"))
    assert rows(engine)["mention"][0]["score"] is None


def test_scores_of_words_that_were_edited_since_are_dropped(engine):
    save(engine, found())
    (asked,) = waiting(engine)
    save(engine, found(1, 1))
    assert store.save_scores(engine, [(asked, READ)]) == 0
    assert len(waiting(engine)) == 1


def test_another_scorer_reads_again_what_it_has_not_read(engine):
    save(engine, found(1), found(2))
    first, second = waiting(engine)
    store.save_scores(engine, [(first, READ)])
    assert waiting(engine) == [second]
    assert waiting(engine, scorer="fast/1") == [second]
    assert len(waiting(engine, scorer="fast/2")) == 2
    assert len(waiting(engine, scorer="*")) == 2
