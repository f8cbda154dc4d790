"""Old texts are read by new rules, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from store_story import KEY, found, mention, rows, save, score

from pipeline import store

BRANDS = {"just-dijon", "troyes"}


def waiting(engine: store.Engine, **given: object) -> list[store.ToMatch]:
    return [asked for page in store.to_match(engine, matcher="test/2", brands=BRANDS, **given) for asked in page]


def again(engine: store.Engine, *mentions: object) -> int:
    return store.save_matched(engine, [(asked, mentions) for asked in waiting(engine)], matcher="test/2", brands=BRANDS)


def test_pages_go_on_while_mentions_are_saved_in_between(engine):
    save(engine, *(found(n) for n in range(25)))
    sizes = []
    for page in store.to_match(engine, matcher="test/2", brands=BRANDS, size=10):
        sizes.append(len(page))
        store.save_matched(engine, [(one, [mention()]) for one in page], matcher="test/2", brands=BRANDS)
    assert sizes == [10, 10, 5]
    assert waiting(engine) == []


def test_the_same_words_keep_their_scores_and_other_words_wait_for_new_ones(engine):
    save(engine, found())
    score(engine)
    assert again(engine, mention(rule="better")) == 0
    (row,) = rows(engine)["mention"]
    assert (row["rule"], row["matcher"], row["scorer"]) == ("better", "test/2", "test/1")
    save(engine, found(2))
    score(engine)
    assert again(engine, mention(start=0, end=7)) == 1
    assert [row["scorer"] for row in rows(engine)["mention"] if row["start"] == 0] == [None]


def test_what_is_not_found_again_is_refused_and_what_is_new_is_added(engine):
    save(engine, found())
    assert again(engine, mention("troyes")) == 2
    told = {row["brand"]: (row["accepted"], row["rule"], row["matcher"]) for row in rows(engine)["mention"]}
    assert told == {"just-dijon": (False, "not-found-again", "test/2"), "troyes": (True, "name", "test/2")}
    assert waiting(engine) == []


def test_brands_that_are_not_listened_to_any_more_are_left_alone(engine):
    save(engine, found(mentions=(mention("gone"),)))
    assert waiting(engine) == []
    (row,) = rows(engine)["mention"]
    assert (row["accepted"], row["matcher"]) == (True, "test/1")


def test_a_second_time_changes_nothing(engine):
    save(engine, found())
    (asked,) = waiting(engine)
    for expected in (1, 0):
        matched = [(asked, [mention(accepted=False)])]
        assert store.save_matched(engine, matched, matcher="test/2", brands=BRANDS) == expected
    revision = store.revision(engine)
    again(engine, mention(accepted=False))
    assert store.revision(engine) == revision


@pytest.mark.parametrize("what", ["edited", "expired"])
def test_a_text_that_changed_since_is_left_alone(engine, what):
    save(engine, found())
    (asked,) = waiting(engine)
    if what == "edited":
        save(engine, found(1, 1))
    else:
        store.expire(engine, date(2027, 1, 1))
    assert store.save_matched(engine, [(asked, [])], matcher="test/2", brands=BRANDS) == 0
    assert rows(engine)["mention"][0]["accepted"]


def test_a_text_is_read_again_when_the_brands_file_changed(engine):
    old, new = {"just-dijon": "aaaaaaaa"}, {"just-dijon": "bbbbbbbb"}
    save(engine, found(1), matcher="test/2", files=old)
    assert [row["matcher"] for row in rows(engine)["mention"]] == ["test/2+aaaaaaaa"]
    assert not list(store.to_match(engine, matcher="test/2", brands=["just-dijon"], files=old))
    (page,) = store.to_match(engine, matcher="test/2", brands=["just-dijon"], files=new)
    store.save_matched(engine, [(page[0], [mention()])], matcher="test/2", brands=["just-dijon"], files=new)
    assert [row["matcher"] for row in rows(engine)["mention"]] == ["test/2+bbbbbbbb"]
    assert not list(store.to_match(engine, matcher="test/2", brands=["just-dijon"], files=new))


def test_a_text_kept_before_near_copies_were_told_gets_its_key(engine):
    save(engine, replace(found(1), near_key=None), found(2), found(3))
    known = {asked.post_key: asked for asked in waiting(engine)}
    one, two, three = (known[store.post_key(KEY, "sample", f"id-{n}")] for n in (1, 2, 3))
    keys = [(one, 77), (two, 1), (store.ToMatch(three.post_key, "since edited"), 88)]
    assert store.save_near_keys(engine, keys) == 1
    assert {row["post_id"]: row["near_key"] for row in rows(engine)["post"]} == {"id-1": 77, "id-2": 1, "id-3": 1}
    revision = store.revision(engine)
    assert store.save_near_keys(engine, keys) == 0
    assert store.revision(engine) == revision
