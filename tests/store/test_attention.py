"""Attention in the store: a number a brand, language and day; unknown never hides what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from pipeline import store
from pipeline.store import Attention

ROW = Attention("just-dijon", "fr", date(2026, 1, 5), 812)
UNKNOWN = replace(ROW, day=date(2026, 1, 6), views=None)


def test_rows_come_back_and_a_replay_takes_no_revision(engine):
    assert store.save_attention(engine, [ROW, UNKNOWN]) == 2
    assert store.save_attention(engine, [ROW, UNKNOWN]) == 0
    assert store.attention(engine) == [ROW, UNKNOWN]
    assert store.revision(engine) == 1


def test_a_count_told_anew_replaces_the_old_and_nothing_known_is_lost(engine):
    store.save_attention(engine, [ROW, UNKNOWN])
    assert store.save_attention(engine, [replace(ROW, views=None), replace(UNKNOWN, views=0)]) == 1
    assert store.attention(engine) == [ROW, replace(UNKNOWN, views=0)]
    assert store.save_attention(engine, [replace(ROW, views=900)]) == 1
    assert store.attention(engine)[0].views == 900


def test_rows_are_chosen_by_brand_and_day(engine):
    days = [ROW.day + timedelta(days=n) for n in range(300)]
    keys = product(days, ("a", "b"), ("en", "fr"))
    rows = [replace(ROW, day=day, brand=brand, lang=lang) for day, brand, lang in keys]
    assert store.save_attention(engine, rows) == 1_200
    assert store.save_attention(engine, rows) == 0
    found = store.attention(engine, brand="b", since=days[3], until=days[4])
    assert [(row.lang, row.day) for row in found] == [(lang, day) for lang in ("en", "fr") for day in days[3:5]]


def test_nothing_is_nothing_and_names_that_do_not_fit_are_refused(engine):
    assert store.save_attention(engine, []) == 0
    with pytest.raises(ValueError, match=r"attention\.lang"):
        store.save_attention(engine, [replace(ROW, lang="français-de-france")])
