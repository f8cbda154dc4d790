"""`rayonner sources` and `rayonner brands query --source`: what is on, what to mend, what would be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import collect
from pipeline.cli.app import app
from tests.collect import replay_reddit
from tests.collect.loopback import Reply, serving


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RAYONNER_HOME", str(tmp_path))
    return tmp_path


def rayonner(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def told(answer: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_each_command_explains_itself() -> None:
    for command in ("list", "check", "discover"):
        answer = rayonner("sources", command, "--help")
        assert answer.exit_code == 0 and "Usage" in answer.output


def test_the_list_says_what_each_needs() -> None:
    answer = rayonner("sources", "list")
    assert answer.exit_code == 0 and "RAYONNER_REDDIT_CLIENT_ID" in answer.output
    assert all(name in answer.output for name in [*collect.names(), "wikimedia"])
    listed = {one["source"]: one for one in told(rayonner("sources", "list", "--json"))}
    assert listed["sample"]["on"] is True and listed["gdelt"]["on"] is False


def test_the_list_names_the_cap_that_is_wanting(monkeypatch: pytest.MonkeyPatch) -> None:
    cure = "RAYONNER_BUDGET=x:money=50"
    off = " ".join(rayonner("sources", "list").output.split())
    assert f"off: set RAYONNER_X_BEARER and {cure}, add it to RAYONNER_SOURCES" in off
    monkeypatch.setenv("RAYONNER_SOURCES", "x")
    monkeypatch.setenv("RAYONNER_X_BEARER", "a-secret")
    assert f"refused: it costs money by the post, set {cure}" in rayonner("sources", "list").output
    monkeypatch.setenv("RAYONNER_BUDGET", "x:money=50")
    assert "off: not declared as its terms ask: rayonner sources check x" in rayonner("sources", "list").output
    (x,) = [one for one in told(rayonner("sources", "list", "--json")) if one["source"] == "x"]
    assert (x["on"], x["cap_wanted"]) == (False, None) and "RAYONNER_X_PLAN" in x["undeclared"]
    for name, value in (("PLAN", "enterprise"), ("TERMS", "no-public-readers"), ("LAW", "RGPD art. 6-1 e")):
        monkeypatch.setenv(f"RAYONNER_X_{name}", value)
    listed = {one["source"]: one for one in told(rayonner("sources", "list", "--json"))}
    assert (listed["x"]["on"], listed["x"]["cap_wanted"], listed["x"]["undeclared"]) == (True, None, None)


def test_all_is_well_with_the_sample_alone() -> None:
    answer = rayonner("sources", "check")
    assert answer.exit_code == 0 and "sample" in answer.output and "reddit" not in answer.output


def test_what_needs_mending_leaves_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAYONNER_SOURCES", "sample,reddit")
    answer = rayonner("sources", "check")
    assert answer.exit_code == 1 and "RAYONNER_REDDIT_CLIENT_SECRET" in answer.output
    (sample, reddit) = sorted(told(rayonner("sources", "check", "--json")), key=lambda one: one["mend"])
    assert (sample["source"], reddit["source"], reddit["mend"]) == ("sample", "reddit", True)


def test_a_source_is_really_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in replay_reddit.settings(None).items():
        monkeypatch.setenv(name, value)
    with serving(replay_reddit.answer) as server:
        monkeypatch.setenv("RAYONNER_REDDIT_URL", server.base)
        answer = rayonner("sources", "check", "reddit")
        assert len(server.asked) == 2
    assert answer.exit_code == 1 and "prive, inconnu" in answer.output
    assert "a-secret" not in answer.output


def test_what_is_only_out_of_reach_has_a_mark_of_its_own_and_leaves_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in replay_reddit.settings(None).items():
        monkeypatch.setenv(name, value)
    with serving(lambda asked: Reply(b"", 503)) as server:
        monkeypatch.setenv("RAYONNER_REDDIT_URL", server.base)
        answer = rayonner("sources", "check", "sample", "reddit")
        lines = told(rayonner("sources", "check", "sample", "reddit", "--json"))
    assert answer.exit_code == 0
    assert [line.split()[:2] for line in answer.stdout.splitlines()] == [["?", "reddit"], ["✓", "sample"]]
    assert [(one["mend"], one["out_of_reach"]) for one in lines] == [(False, True), (False, False)]


def test_feeds_are_found_and_a_page_without_any_says_what_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"<link rel=alternate type=application/atom+xml href=/a.xml>"
    with serving(lambda asked: Reply(page if asked.path == "/" else b"<p>rien", headers={})) as server:
        monkeypatch.setenv("RAYONNER_RSS_URL", server.base)
        found = rayonner("sources", "discover", f"{server.base}/")
        none = rayonner("sources", "discover", f"{server.base}/rien")
    assert (found.exit_code, found.stdout.strip()) == (0, f"{server.base}/a.xml")
    assert none.exit_code == 1 and "no feed" in none.stderr
    monkeypatch.delenv("RAYONNER_RSS_URL")
    inside = rayonner("sources", "discover", "http://127.0.0.1/x")
    assert inside.exit_code == 3 and "no page of a public site" in inside.output


def test_a_brand_is_asked_in_the_words_of_the_source() -> None:
    answer = rayonner("brands", "query", "just-dijon", "--source", "gdelt")
    assert '"Dijon"' in answer.output and "sourcecountry:FR" in answer.output and "1 requests" in answer.output
    assert "0.015 $ for each post" in rayonner("brands", "query", "just-dijon", "--source", "x").output
    streamed = rayonner("brands", "query", "just-dijon", "--source", "bluesky").output
    assert "asked only of nights that the stream does not hold" in streamed
    assert "at least" not in streamed
    (planned,) = told(rayonner("brands", "query", "just-dijon", "--source", "reddit", "--json"))
    assert planned["brands"] == ["just-dijon"] and "Dijon" in planned["covers"]
    national = rayonner("brands", "query", "commune-21231-dijon", "--source", "reddit", "--catalogue", "national")
    assert national.exit_code == 0 and '"Dijon"' in national.output


def test_an_unknown_name_is_answered_with_the_one_meant() -> None:
    assert "did you mean reddit" in rayonner("brands", "query", "just-dijon", "--source", "redit").output
    assert "did you mean just-dijon" in rayonner("brands", "query", "dijon", "--source", "reddit").output
    assert "did you mean mastodon" in rayonner("sources", "check", "mastodont").output
    assert "it reads files" in rayonner("brands", "query", "just-dijon", "--source", "archive").output
