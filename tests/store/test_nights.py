"""The ledger: one row a source, brand, night and run, written once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline import store
from pipeline.model import LedgerRow

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
