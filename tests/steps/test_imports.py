"""Importing: what cannot be read is counted and kept aside, what is known changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import steps, store
from pipeline.errors import ConfigError
from tests.steps import _night

GOOD = {"platform": "x", "post_id": "1", "created_at": "2019-05-30T22:30:00Z", "text": "Une semaine à Dijon, superbe"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [GOOD, GOOD | {"post_id": "2", "text": "Rien à voir"}, GOOD | {"post_id": "3", "created_at": "hier"}]
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n", encoding="utf8")
    return path


def test_bad_lines_are_counted_and_kept_aside_with_their_number(tmp_path: Path, file: Path) -> None:
    done = steps.import_posts(_night.settings_of(tmp_path / "home"), file, now=_night.NOW)
    assert (done.read, done.kept, done.new, sum(done.reasons.values())) == (2, 1, 1, 2)
    assert done.rejects
    assert [line.split("\t")[0] for line in done.rejects.read_text("utf8").splitlines() if line[0].isdigit()] == [
        "3",
        "4",
    ]


def test_the_night_is_the_day_in_paris_and_the_file_names_the_run(tmp_path: Path, file: Path) -> None:
    given = _night.settings_of(tmp_path / "home")
    steps.import_posts(given, file, now=_night.NOW)
    (row,) = store.ledger(store.connect(given.store_url))
    assert (str(row.night), row.source, row.brand, row.fetched, row.kept) == ("2019-05-31", "x", "*", 2, 1)
    assert row.run.startswith("file:")


def test_the_same_file_twice_changes_nothing(tmp_path: Path, file: Path) -> None:
    given = _night.settings_of(tmp_path / "home")
    steps.import_posts(given, file, now=_night.NOW)
    revision = store.revision(store.connect(given.store_url))
    again = steps.import_posts(given, file, now=_night.NOW)
    assert (again.new, again.same, store.revision(store.connect(given.store_url))) == (0, 1, revision)


def test_a_file_that_grew_adds_what_is_new(tmp_path: Path, file: Path) -> None:
    given = _night.settings_of(tmp_path / "home")
    steps.import_posts(given, file, now=_night.NOW)
    with file.open("a", encoding="utf8") as more:
        more.write(json.dumps(GOOD | {"post_id": "4"}) + "\n")
    again = steps.import_posts(given, file, now=_night.NOW)
    assert (again.new, again.same) == (1, 1)


def test_an_absent_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a file"):
        steps.import_posts(_night.settings_of(tmp_path), tmp_path / "nowhere.jsonl", now=_night.NOW)
