"""A person's request is one command, and the next build shows it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.collect import Ask, sample
from pipeline.model import Window
from tests.steps import _night

NIGHT = "2026-05-31"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RAYONNER_HOME", str(tmp_path))
    monkeypatch.setenv("RAYONNER_TIER", "fast")
    return tmp_path


def rayonner(*words: str) -> dict:
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def mentions() -> int:
    rayonner("build", "--night", NIGHT)
    rayonner("publish", "--night", NIGHT)
    return rayonner("query", "select count(*) as n from fct_mention")["n"]


def test_an_objection_removes_an_author_and_keeps_them_out() -> None:
    rayonner("run", "--night", NIGHT)
    before = mentions()
    posts = sample.posts(Window.night(date.fromisoformat(NIGHT)), [], Ask(now=_night.NOW))
    author = next(p.author_id for p in posts if p.author_handle and "journalist" in p.author_handle)
    gone = rayonner("oppose", "sample", author)["posts_deleted"]
    assert gone > 0 and mentions() < before
    left = mentions()
    rayonner("run", "--night", NIGHT)
    assert mentions() == left


def test_a_deleted_post_leaves_no_fact() -> None:
    rayonner("run", "--night", NIGHT)
    before = mentions()
    posts = list(sample.posts(Window.night(date.fromisoformat(NIGHT)), [], Ask(now=_night.NOW)))
    gone = sum(rayonner("forget", "sample", post.post_id)["posts_deleted"] for post in posts[:10])
    assert gone > 0 and mentions() < before
