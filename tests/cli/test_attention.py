"""`rayonner attention`: collected and shown; what lacks is told with its cure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.app import app
from tests.collect.loopback import Reply, serving


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAYONNER_HOME", str(tmp_path))
    monkeypatch.setenv("RAYONNER_CONTACT", "a@example.org")


def rayonner(*words: str) -> Result:
    return CliRunner().invoke(app, ["attention", "--from", "2026-01-06", "--night", "2026-01-08", *words])


def test_it_is_collected_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [{"timestamp": "2026010500", "views": 1200}, {"timestamp": "2026010600", "views": 34}]
    with serving(lambda asked: Reply(json.dumps({"items": told}).encode())) as server:
        monkeypatch.setenv("RAYONNER_WIKIMEDIA_URL", server.base)
        shown = rayonner("--brand", "just-dijon")
        rows = [json.loads(line) for line in rayonner("--brand", "just-dijon", "--json").stdout.splitlines()]
        assert len(server.asked) == 2
    assert shown.exit_code == 0 and "Dijon" in shown.output and "1234" in shown.output
    assert [(row["lang"], row["day"], row["views"]) for row in rows] == [
        ("fr", "2026-01-05", 1200), ("fr", "2026-01-06", 34), ("fr", "2026-01-07", None),
    ]  # fmt: skip


def test_what_lacks_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    without = rayonner("--brand", "val-de-loire")
    assert without.exit_code == 3 and "[attention] articles" in without.output
    mistyped = rayonner("--brand", "just-dijn")
    assert mistyped.exit_code == 3 and "did you mean just-dijon" in mistyped.output
    monkeypatch.delenv("RAYONNER_CONTACT")
    off = rayonner()
    assert off.exit_code == 3 and "RAYONNER_CONTACT" in off.output
