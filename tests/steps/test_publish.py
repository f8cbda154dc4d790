"""Building and publishing through the steps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline import steps, warehouse
from tests.steps import _night

EARLIER, LATER = date(2026, 5, 30), date(2026, 5, 31)


def test_an_older_night_done_again_hides_no_newer_one(tmp_path: Path) -> None:
    given = _night.settings_of(tmp_path)
    steps.run(given, LATER, now=_night.NOW)
    steps.run(given, EARLIER, now=_night.NOW)
    path = given.published / "rayonner.duckdb"
    days = (
        "select period, sum(value) > 0 from metrics where metric = 'mentions' and grain = 'day' group by 1 order by 1"
    )
    assert warehouse.query(path, days)[1] == [(EARLIER, True), (LATER, True)]
