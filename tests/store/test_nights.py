"""The ledger: one row a source, brand, night and run, written once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_story import found, mention, save

from pipeline import store
from pipeline.model import LedgerRow
from pipeline.store import nights

ROW = LedgerRow("sample", "*", date(2026, 1, 5), "night", "complete", asked=2, fetched=40, kept=7, reasons={"gone": 2})
SCOPE = {"night": ["just-dijon", "troyes"]}


def test_a_row_comes_back_as_it_was_and_a_replay_takes_no_revision(engine):
    store.save_ledger(engine, [ROW], SCOPE)
    store.save_ledger(engine, [ROW], SCOPE)
    assert store.ledger(engine) == [ROW]
    assert store.revision(engine) == 1


def test_a_night_that_is_tried_again_replaces_its_row(engine):
    store.save_ledger(engine, [replace(ROW, status="failed", error="e" * 400 + "\0")], SCOPE)
    assert len(store.ledger(engine)[0].error or "") == 300
    store.save_ledger(engine, [ROW], SCOPE)
    assert [row.status for row in store.ledger(engine)] == ["complete"]


def test_rows_are_chosen_by_source_brand_and_night(engine):
    nights = [replace(ROW, night=date(2026, 1, day), source=source) for day in (5, 6, 7) for source in ("sample", "x")]
    own = replace(ROW, brand="lille", run="file:abc")
    store.save_ledger(engine, [*nights, own], SCOPE | {"file:abc": ["lille"]})
    assert len(store.ledger(engine)) == 7
    assert {row.source for row in store.ledger(engine, source="x")} == {"x"}
    assert store.ledger(engine, brand="lille") == [own]
    assert len(store.ledger(engine, brand="troyes")) == 6
    assert [
        row.night.day for row in store.ledger(engine, source="x", since=date(2026, 1, 6), until=date(2026, 1, 6))
    ] == [6]


def test_names_that_do_not_fit_are_refused(engine):
    with pytest.raises(ValueError, match=r"ledger\.run"):
        store.save_ledger(engine, [replace(ROW, run="r" * 81)], {})
    assert store.ledger(engine) == []


STATUSES = ("off", "failed", "budget", "partial", "complete")


def test_a_night_is_never_answered_worse_than_before(engine):
    for status in STATUSES:
        store.save_ledger(engine, [replace(ROW, status=status)], SCOPE)
        assert store.ledger(engine)[0].status == status
    for status in STATUSES[:-1]:
        store.save_ledger(engine, [replace(ROW, status=status, error="away")], SCOPE)
    assert store.ledger(engine) == [ROW]


def test_of_two_nights_cut_short_alike_the_fuller_stays(engine):
    full, empty = replace(ROW, status="budget", fetched=50, cost_micros=5), replace(ROW, status="budget", fetched=0)
    store.save_ledger(engine, [full], SCOPE)
    store.save_ledger(engine, [replace(empty, cost_micros=7)], SCOPE)
    assert store.ledger(engine) == [replace(full, cost_micros=7)]


tries = st.lists(st.builds(replace, st.just(ROW), status=st.sampled_from(STATUSES), fetched=st.integers(0, 9)))


@given(tries)
def test_the_order_of_unfinished_tries_does_not_matter(told: list[LedgerRow]) -> None:
    def ended(rows: list[LedgerRow]) -> tuple[str, int] | None:
        held = None
        for row in rows:
            held = nights._settled(held, nights._values(row))
        return held and (held["status"], 0 if held["status"] == "complete" else held["fetched"])

    assert ended(told) == ended(told[::-1])


def test_what_was_expected_and_late_is_not_forgotten_by_another_try(engine):
    store.save_ledger(engine, [replace(ROW, status="failed", expected=40)], SCOPE)
    store.save_ledger(engine, [replace(ROW, late=0)], SCOPE)
    store.save_ledger(engine, [ROW], SCOPE)
    assert store.ledger(engine) == [replace(ROW, expected=40, late=0)]
    store.save_ledger(engine, [replace(ROW, expected=44)], SCOPE)
    assert store.ledger(engine) == [replace(ROW, expected=44, late=0)]


def test_late_posts_are_counted_once_by_the_brands_they_are_about(engine):
    night = date(2026, 1, 5)
    own = replace(ROW, brand="just-dijon")
    store.save_ledger(engine, [own, replace(own, brand="troyes")], SCOPE)
    refused = (mention(), mention("troyes", accepted=False))
    for _ in range(3):
        save(
            engine,
            found(1),
            found(2, mentions=refused),
            found(3, mentions=(mention("lille"),)),
            late_for=("sample", night),
        )
    save(engine, found(1, 1), late_for=("sample", night))
    assert {row.brand: row.late for row in store.ledger(engine)} == {"just-dijon": 2, "troyes": None}
    save(engine, found(4), late_for=("sample", night))
    store.save_ledger(engine, [replace(own, late=0)], SCOPE)
    assert store.ledger(engine, brand="just-dijon")[0].late == 3


def test_late_posts_of_a_night_never_asked_for_are_not_late(engine):
    save(engine, found(1), late_for=("sample", date(2026, 1, 5)))
    assert store.ledger(engine) == []


def test_the_same_weekdays_are_the_complete_nights_of_a_run_newest_first(engine):
    own = replace(ROW, brand="troyes")
    told = [replace(own, night=ROW.night - timedelta(days=days), kept=days) for days in (7, 14, 15, 21, 28, 140)]
    told[3] = replace(told[3], status="partial")
    store.save_ledger(engine, [*told, replace(told[0], run="file:abc"), replace(told[0], source="x", kept=1)], {})
    assert nights.same_weekdays(engine, "sample", ROW.night, weeks=16) == {"troyes": [7, 14, 28]}


def test_a_night_asked_again_in_vain_has_no_late_posts_to_tell_of(engine):
    held = replace(ROW, status="partial", cost_micros=5)
    store.save_ledger(engine, [held], SCOPE)
    store.save_ledger(engine, [replace(ROW, status="failed", kept=0, late=0, cost_micros=8, error="away")], SCOPE)
    assert store.ledger(engine) == [replace(held, cost_micros=8)]
    store.save_ledger(engine, [replace(ROW, late=0, cost_micros=9)], SCOPE)
    assert store.ledger(engine) == [replace(ROW, late=0, cost_micros=9)]
