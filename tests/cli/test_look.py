"""What an operator sees in the morning: what it cost, what was deleted in time, and which nights are whole."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import settings, steps, store
from pipeline.cli import _options, budget, look, people
from pipeline.cli.app import app
from pipeline.collect import Again, Cost, Gone, sample
from tests.steps import _voice
from tests.steps._voice import post

NIGHT = date(2026, 5, 20)
DAY = timedelta(days=1)
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _voice.Voice:
    monkeypatch.setenv("RAYONNER_HOME", str(tmp_path))
    monkeypatch.setenv("RAYONNER_BUDGET", "sample:posts=1000,money=12.50")
    monkeypatch.setenv("COLUMNS", "160")
    for room in (_options, budget, look):
        monkeypatch.setattr(room, "now", lambda: NOW)
    monkeypatch.setattr(sample, "again", lambda ids, ask: (Again(one, gone=True) for one in ids), raising=False)
    return _voice.speaking(monkeypatch)


def rayonner(*words: str) -> Result:
    answer = CliRunner().invoke(app, list(words))
    assert answer.exit_code == 0, answer.output
    return answer


def collect(night: date) -> None:
    steps.collect(settings.load(), "sample", night, night, now=datetime(2026, 5, night.day, 1, tzinfo=UTC) + DAY)


def pay(ask) -> None:
    ask.purse.take(Cost(requests=2, posts=100, micros=1_500_000))


def test_the_month_beside_its_caps(voice: _voice.Voice) -> None:
    voice.nights[NIGHT] = [pay]
    collect(NIGHT)
    (posts, money) = [one for one in json.loads(rayonner("budget", "--json").stdout)["accounts"] if one["cap"]]
    assert (posts["spent"], posts["cap"], posts["foreseen"]) == (100, 1000, 102)
    assert (money["spent"], money["cap"]) == (1_500_000, 12_500_000)
    said = rayonner("budget", "--source", "sample").output
    assert "1.50" in said and "12.50" in said and "11.00" in said and "just-dijon" in said
    assert "nothing spent" not in rayonner("budget", "--month", "2026-04").output  # the caps are shown
    assert "money" in rayonner("status").output


def test_a_month_is_written_as_one(voice: _voice.Voice) -> None:
    answer = CliRunner().invoke(app, ["budget", "--month", "mai"])
    assert answer.exit_code == 3 and "2026-05" in answer.output


def test_the_delay_of_deletions_is_measured_and_held_against_the_terms(voice: _voice.Voice) -> None:
    at = datetime(2026, 5, 22, 1, tzinfo=UTC)
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(4)]
    collect(NIGHT)
    told = [Gone("20-0", at=at - timedelta(hours=1)), Gone("20-1", at=at - timedelta(hours=50))]
    voice.nights[NIGHT + DAY] = [lambda ask: [ask.gone.append(one) for one in told]]
    collect(NIGHT + DAY)
    (deleted,) = json.loads(rayonner("status", "--json").stdout)["deletions"]
    hours = [round(deleted[name], 1) for name in ("median_h", "p95_h", "longest_h")]
    assert (deleted["count"], hours, deleted["allowed_h"], deleted["late"]) == (2, [25.5, 50.0, 50.0], 48, 1)
    assert deleted["overdue"] == 2
    said = rayonner("status").output
    assert "25.5" in said and "not looked at in time" in said


def test_coverage_shows_every_kind_of_night_and_what_they_brought(
    voice: _voice.Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYONNER_RECOLLECT_DAYS", "0")  # the nights between the weeks stay never asked
    for week in range(4):
        night = date(2026, 5, 1) + week * 7 * DAY
        voice.nights[night] = [post(night, number) for number in range(9)]
        collect(night)
    voice.nights[date(2026, 5, 2)] = [post(date(2026, 5, 2), 1), lambda ask: ask.purse.take(Cost(posts=10**6))]
    collect(date(2026, 5, 2))
    collect(date(2026, 5, 29))
    said = rayonner("coverage", "--brand", "just-dijon").output
    assert "2026-05  █€" + "·" * 5 + "█" + "·" * 6 + "█" + "·" * 6 + "█" + "·" * 6 + "▁··" in said
    assert "far fewer than expected" in said and "37 fetched" in said and "1 x BudgetError" in said
    lines = [json.loads(line) for line in rayonner("coverage", "--brand", "just-dijon", "--json").stdout.splitlines()]
    few = {line["night"] for line in lines if line["fewer_than_expected"]}
    assert few == {"2026-05-29"} and lines[-1]["expected"] == 9


def test_coverage_of_an_empty_store_says_what_to_run(voice: _voice.Voice) -> None:
    assert "rayonner run" in rayonner("coverage").output
    assert json.loads(rayonner("status", "--json").stdout)["budget"][0]["spent"] == 0
    assert store.ledger(store.connect(settings.load().store_url)) == []


def test_upkeep_by_hand_follows_then_forgets_and_names_what_failed(
    voice: _voice.Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 1)]
    collect(NIGHT)
    monkeypatch.setattr(people, "now", lambda: NOW)
    told = json.loads(rayonner("upkeep", "--json").stdout)
    assert (told["posts"], told["followed"][0]["left"], told["failed"]) == (0, 1, {})
    assert "taken out" in rayonner("upkeep").output
    monkeypatch.setenv("RAYONNER_SOURCES", "sample,nowhere")
    answer = CliRunner().invoke(app, ["upkeep"])
    assert answer.exit_code == 5 and "nowhere could not be followed" in answer.output


def test_a_night_that_ends_at_the_budget_is_said_and_is_no_failure(voice: _voice.Voice) -> None:
    voice.nights[NIGHT] = [lambda ask: ask.purse.take(Cost(posts=10**6))]
    said = rayonner("collect", "sample", "--night", NIGHT.isoformat()).output
    assert "ended at the budget" in said and "0 nights failed" in said
    told = json.loads(rayonner("collect", "sample", "--night", NIGHT.isoformat(), "--json").stdout)
    assert list(told["short_of_budget"]) == [NIGHT.isoformat()]
    counted = json.loads(rayonner("status", "--json").stdout)
    assert counted["failed_rows"] == 0 < counted["budget_rows"]
