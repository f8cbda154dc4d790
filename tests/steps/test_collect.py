"""Collecting: what fails is written down, what is missing is off, and a second night changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import steps, store
from pipeline.collect import sample
from pipeline.errors import ConfigError, UnavailableError
from tests.steps import _night

FIRST = date(2026, 3, 16)


def test_an_outage_is_a_failed_night_and_the_range_goes_on(tmp_path: Path) -> None:
    given = _night.settings_of(tmp_path)
    done = steps.collect(given, "sample", FIRST, FIRST + timedelta(days=3), now=_night.NOW)
    assert sorted(done.failed) == [date(2026, 3, 17), date(2026, 3, 18)]
    rows = store.ledger(store.connect(given.store_url), source="sample", brand="just-dijon")
    assert [row.status for row in rows] == ["complete", "failed", "failed", "complete"]
    assert all(row.error and "Unavailable" in row.error for row in rows if row.status == "failed")


def test_the_error_of_the_last_night_reaches_the_scheduler(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        steps.collect(_night.settings_of(tmp_path), "sample", FIRST, date(2026, 3, 17), now=_night.NOW)


def test_the_same_night_twice_is_one_night(tmp_path: Path) -> None:
    given = _night.settings_of(tmp_path)
    first = steps.collect(given, "sample", FIRST, FIRST, now=_night.NOW)
    engine = store.connect(given.store_url)
    before, revision = store.ledger(engine), store.revision(engine)
    again = steps.collect(given, "sample", FIRST, FIRST, now=_night.NOW + timedelta(hours=5))
    assert (first.new > 0, again.new, store.ledger(engine), store.revision(engine)) == (True, 0, before, revision)


def test_a_source_without_its_key_is_off_not_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "NEEDS", ("RAYONNER_NO_SUCH_KEY",))
    given = _night.settings_of(tmp_path)
    done = steps.collect(given, "sample", FIRST, FIRST, now=_night.NOW)
    rows = store.ledger(store.connect(given.store_url))
    assert done.fetched == 0 and {row.status for row in rows} == {"off"}


def test_an_unknown_source_names_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="sample"):
        steps.collect(_night.settings_of(tmp_path), "facebook", FIRST, FIRST, now=_night.NOW)
