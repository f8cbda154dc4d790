"""The calendar of nights: one mark each, and fewer posts than expected is not a quiet night."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import sample
from pipeline.model import LedgerRow
from pipeline.steps import calendar, is_short
from pipeline.steps.calendar import MARKS, too_few

NIGHT = LedgerRow("sample", "just-dijon", date(2026, 2, 3), "night", "complete", fetched=90, kept=30, expected=40)


def test_every_status_has_its_mark_and_february_its_days() -> None:
    rows = [replace(NIGHT, night=date(2026, 2, day), status=status) for day, status in enumerate(MARKS, 1)]
    assert calendar(rows) == {"sample": [("2026-02", "".join(MARKS.values()) + "·" * 23)]}


def test_a_complete_night_far_below_its_weekdays_is_marked() -> None:
    low = replace(NIGHT, kept=5)
    assert calendar([low])["sample"][0][1][2] == "▁"
    assert calendar([replace(low, status="partial")])["sample"][0][1][2] == "▒"
    assert calendar([replace(low, expected=None)])["sample"][0][1][2] == "█"
    assert calendar([low, replace(low, run="file:abc", expected=None)])["sample"][0][1][2] == "█"


def test_brands_are_held_together_against_what_was_expected_of_them() -> None:
    assert not is_short([replace(NIGHT, kept=2, expected=6), replace(NIGHT, brand="troyes", kept=30, expected=30)])
    assert is_short([replace(NIGHT, kept=2, expected=9), replace(NIGHT, brand="troyes", kept=3, expected=9)])


def test_a_source_with_counts_is_held_against_what_it_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "expected", lambda *_: {}, raising=False)
    assert not is_short([replace(NIGHT, kept=1, fetched=90, expected=100)])
    assert is_short([replace(NIGHT, kept=1, fetched=20, expected=100)])


@pytest.mark.parametrize(("got", "expected", "is_few"), [(0, 6, False), (0, 7, True), (9, 20, False), (7, 20, True)])
def test_few_is_what_chance_brings_less_than_once_in_a_thousand_nights(got: int, expected: int, is_few: bool) -> None:
    assert too_few(got, expected) is is_few


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_posts_are_never_fewer(got: int, expected: int) -> None:
    assert not too_few(got, expected) or (got * 2 < expected and too_few(max(got - 1, 0), expected))
