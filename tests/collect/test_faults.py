"""Every source of this half through the same faults: what comes, what is raised, and nothing lost by the next run."""

import importlib.util
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import collect
from pipeline.errors import PipelineError, RateLimitedError, RetriableError, UnavailableError
from pipeline.model import Query
from tests.collect.loopback import Reply, Time, serving

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
QUERIES = [Query("just-dijon", ("Just Dijon", "Dijon"), ("JustDijon",), feeds=("/feed.xml",))]
HERE = Path(__file__).parent

STAYING = {
    "429": Reply(b"{}", 429),
    "429 Retry-After": Reply(b"{}", 429, {"retry-after": "30"}),
    "429 reset Unix": Reply(b"{}", 429, {"x-ratelimit-reset": str(int(NOW.timestamp()) + 60)}),
    "429 reset ISO": Reply(b"{}", 429, {"x-ratelimit-reset": "2026-06-01T04:01:00Z"}),
    "429 HTTP date": Reply(b"{}", 429, {"retry-after": "Mon, 01 Jun 2026 04:00:30 GMT"}),
    "429 RateLimit": Reply(b"{}", 429, {"ratelimit": '"default";r=0;t=30'}),
    "429 reset past": Reply(b"{}", 429, {"x-ratelimit-reset": "1700000000"}),
    "500": Reply(b"", 500),
    "502": Reply(b"<html>", 502),
    "503": Reply(b"", 503, {"retry-after": "5"}),
    "reset": Reply(reset=True),
    "cut short": Reply(b"[" * 500, cut=9),
    "empty": Reply(b""),
    "HTML": Reply(b"<!doctype html><html><p>Maintenance", headers={"content-type": "text/html"}),
    "truncated JSON": Reply(b'{"articles": [{"url"'),
    "garbage": Reply(bytes(range(256)) * 9),
    "elsewhere": Reply(b"", 302, {"location": "https://example.org/"}),
    "inside": Reply(b"", 302, {"location": "http://169.254.169.254/"}),
    "refused": Reply(b"{}", 403),
    "gone": Reply(b"{}", 404),
    "bad question": Reply(b"{}", 400),
}


def replay_of(name):
    spec = importlib.util.spec_from_file_location(f"replay_{name}", HERE / f"replay_{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ANSWERS = {
    "mastodon": lambda replay: replay.answer,
    "rss": lambda replay: lambda asked: Reply(replay.feed(), headers={"content-type": "application/rss+xml"}),
    "gdelt": lambda replay: lambda asked: Reply(json.dumps({"articles": replay.ARTICLES}).encode()),
    "reddit": lambda replay: replay.answer,
    "x": lambda replay: replay.answer,
    "youtube": lambda replay: replay.answer,
    "bluesky": lambda replay: replay.answer,
}


@pytest.fixture(params=sorted(ANSWERS))
def read(request, tmp_path):
    """Reads the replay's night from a server that answers with `faults` in turn, then as it should."""
    name, replay = request.param, replay_of(request.param)

    def once(*faults, for_ever=False, cursor=None):
        left, good, time = list(faults), ANSWERS[name](replay), Time()

        def answer(asked):
            if not left:
                return good(asked)
            return left[0] if for_ever else left.pop(0)

        with serving(answer) as server:
            told = {"settings": replay.settings(tmp_path), "base_url": server.base, "cursor": cursor}
            ask = collect.Ask(now=NOW, timeout_s=2.0, pace=time.pace, **told)
            found, error = [], None
            try:
                found.extend(collect.load(name).posts(replay.WINDOW, QUERIES, ask))
            except PipelineError as failure:
                error = failure
            assert ask.asked == len(server.asked)
        return [post.post_id for post in found], error, ask, time

    return once


@pytest.mark.parametrize("fault", STAYING)
def test_a_fault_is_never_silent_and_the_next_run_is_whole(read, fault):
    truth, error, ask, _ = read()
    assert truth
    assert not error
    found, error, ask, time = read(STAYING[fault], for_ever=True)
    assert found == []
    assert isinstance(error, PipelineError) or ask.truncated, "a night without posts must not look complete"
    assert ask.asked <= 8
    assert sum(time.slept) < 300
    again, error, _, _ = read(cursor=ask.cursor)
    assert (again, error) == (truth, None)


@pytest.mark.parametrize("fault", [name for name in STAYING if name[0] in "45" or name in {"reset", "cut short"}])
def test_a_fault_that_passes_loses_nothing(read, fault):
    truth, *_ = read()
    found, error, ask, time = read(STAYING[fault])
    assert (found, error, ask.truncated) == (truth, None, ask.truncated)
    assert time.slept


@pytest.mark.parametrize("fault", ["429", "503", "reset"])
def test_an_outage_is_an_error_that_may_pass(read, fault):
    _, error, _, _ = read(STAYING[fault], for_ever=True)
    assert isinstance(error, RetriableError)
    assert isinstance(error, RateLimitedError | UnavailableError)


def test_a_page_too_large_is_not_held_and_not_silent(read, monkeypatch):
    for name in ANSWERS:
        source = collect.load(name)
        monkeypatch.setattr(source, "POLICY", replace(source.POLICY, most_bytes=1_000))
    found, error, ask, _ = read(Reply(b"[" + b" " * 200_000 + b"]"), for_ever=True)
    assert found == []
    assert error or ask.truncated
