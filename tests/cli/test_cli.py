"""The command line as its users meet it: help that teaches, errors with a cure, exit codes that mean something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.app import app


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RAYONNER_HOME", str(tmp_path))
    monkeypatch.setenv("RAYONNER_TIER", "fast")
    return tmp_path


def rayonner(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=text)


def commands() -> list[list[str]]:
    return [[c.name or c.callback.__name__.replace("_", "-")] for c in app.registered_commands if c.callback] + [
        ["brands"]
    ]


@pytest.mark.parametrize("words", commands(), ids="-".join)
def test_every_command_explains_itself(words: list[str]) -> None:
    answer = rayonner(*words, "--help")
    assert answer.exit_code == 0 and "Usage" in answer.output


def test_a_mistyped_date_says_how_to_write_one() -> None:
    answer = rayonner("run", "--night", "31/05/2026")
    assert answer.exit_code == 3 and "2026-05-31" in answer.output


def test_asking_before_publishing_says_what_to_run() -> None:
    answer = rayonner("query", "select 1")
    assert answer.exit_code == 3 and "rayonner run" in answer.output


def test_a_night_by_hand_then_look_at_it(home: Path) -> None:
    answer = rayonner("run", "--from", "2026-05-04", "--night", "2026-05-31", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["scored"] > 500
    asked = rayonner("query", "select brand, sum(1) as n from fct_mention group by brand", "--json")
    assert {json.loads(line)["brand"] for line in asked.stdout.splitlines()} >= {"just-dijon", "la-manche"}
    empty = rayonner("query", "from metrics where brand = 'la-manch'", "--json")
    assert (empty.stdout, empty.exit_code) == ("", 0) and "did you mean 'la-manche'?" in empty.stderr
    assert "did you mean" not in rayonner("query", "from metrics where brand = 'la-manche'").output
    assert "fictional" in rayonner("welcome").output
    assert "2026-05  ···█" in rayonner("coverage", "--brand", "just-dijon").output
    counted = json.loads(rayonner("status", "--json").stdout)
    assert counted["published"] and counted["last_night"] == "2026-05-31"
    page = (home / "published" / "index.html").read_text("utf8")
    assert "Just Dijon" in page and "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    kept = rayonner("export", "brand_now", str(home / "now.csv"))
    assert kept.exit_code == 0 and "just-dijon" in (home / "now.csv").read_text("utf8")


def test_matching_alone_reads_lines_and_counts_the_bad_ones() -> None:
    lines = '{"id": 1, "text": "Quelle belle journée à Dijon, merci à la ville"}\nnot json\n'
    answer = rayonner("match", "-", text=lines)
    found = json.loads(answer.stdout.splitlines()[0])
    assert answer.exit_code == 1 and "line 2" in answer.stderr
    assert found["mentions"][0] | {"evidence": None} == {
        "brand": "just-dijon", "territory": "21231", "sense": "territory", "accepted": True,
        "start": 23, "end": 28, "evidence": None,
    }  # fmt: skip


def test_sentiment_alone_keeps_order_and_ids() -> None:
    texts = ["C'est magnifique, une ville superbe et accueillante !", "Quelle horreur, c'est sale et dangereux.", ""]
    lines = "\n".join(json.dumps({"id": f"n{i}", "text": t, "target": "ville"}) for i, t in enumerate(texts))
    answer = rayonner("sentiment", "-", "--tier", "fast", text=lines)
    read = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [r["id"] for r in read] == ["n0", "n1", "n2"]
    assert [r["label"] for r in read] == ["positive", "negative", None]
    assert all("toward" in r for r in read)


def test_hostile_text_cannot_reach_the_terminal() -> None:
    answer = rayonner("brands", "query", "just\x1b[31mdijon")
    assert answer.exit_code == 3 and "\x1b[31m" not in answer.output


def test_brand_files_shipped_are_right_and_their_examples_hold() -> None:
    assert rayonner("brands", "check").exit_code == 0
    assert "just-dijon" in rayonner("brands", "list").output
