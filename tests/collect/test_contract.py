"""What every source must do, whatever platform it reads.

A source is tested against its replay: `replay_<name>.py` beside this file, with a WINDOW, `settings(tmp_path)` (the
values of NEEDS and options), and, where they apply, `serve(tmp_path)` (a context manager that yields the base URL of a
server on this machine) and UNREAD (reasons that reading the replay must count).
"""

import contextlib
import importlib.util
import inspect
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import collect
from pipeline.model import Post, Query
from pipeline.steps._work import Work
from tests.collect.loopback import Time

HERE = Path(__file__).parent
NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
# The address of a feed is joined to the base URL of the replay.
QUERIES = [Query("just-dijon", ("Just Dijon", "Dijon"), ("JustDijon",), feeds=("/feed.xml",))]
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def replay_of(name):
    path = HERE / f"replay_{name}.py"
    if not path.exists():
        pytest.fail(f"the source {name} has no replay: write {path.name}, as replay_sample.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=collect.names())
def name(request):
    return request.param


@pytest.fixture
def source(name):
    return collect.load(name)


@pytest.fixture
def nightly(name, source, tmp_path, monkeypatch):
    """Reads the replay's window and gives the posts and the ask; nothing but loopback can be reached."""
    replay = replay_of(name)
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else None
        assert hasattr(replay, "serve") and host in LOOPBACK, f"{name} opened a socket to {address}"
        return connect(self, address)

    def read():
        monkeypatch.setattr(socket.socket, "connect", guarded)
        served = replay.serve(tmp_path) if hasattr(replay, "serve") else contextlib.nullcontext(None)
        with served as base_url:
            told = {"settings": replay.settings(tmp_path), "base_url": base_url}
            ask = collect.Ask(now=NOW, pace=Time().pace, **told)
            return list(source.posts(replay.WINDOW, QUERIES, ask)), ask

    read.replay = replay
    return read


def test_name_is_the_name_of_the_file(name, source):
    assert name == source.NAME


def test_needs_are_names_of_settings(source):
    assert isinstance(source.NEEDS, tuple)
    assert all(need == need.upper() and need.startswith("RAYONNER_") for need in source.NEEDS)


def test_legal_profile_bounds_what_is_kept(source):
    assert isinstance(source.LEGAL, collect.Legal)
    assert source.LEGAL.terms
    assert 0 < source.LEGAL.store_days <= 365
    assert 0 < source.LEGAL.delete_within_hours <= 48


def test_posts_is_a_generator_of_window_queries_ask(source):
    assert inspect.isgeneratorfunction(source.posts)
    assert list(inspect.signature(source.posts).parameters) == ["window", "queries", "ask"]


def test_posts_come_and_are_counted(nightly):
    posts, ask = nightly()
    assert posts
    assert all(isinstance(post, Post) for post in posts)
    assert ask.fetched == len(posts)
    assert ask.asked > 0


def test_every_post_lies_inside_the_window(nightly):
    posts, _ = nightly()
    assert all(nightly.replay.WINDOW.holds(post.created_at) for post in posts)


def test_dates_carry_a_zone_and_nothing_is_seen_before_it_exists(nightly):
    for post in nightly()[0]:
        assert post.created_at.tzinfo is not None
        assert post.seen_at.tzinfo is not None
        assert post.seen_at >= post.created_at
        if post.engagement:
            assert post.engagement.observed_at.tzinfo is not None


def test_one_id_is_one_post(nightly):
    seen = {}
    for post in nightly()[0]:
        assert seen.setdefault((post.source, post.post_id), post) == post


def test_counts_are_unknown_or_at_least_zero(nightly):
    for post in nightly()[0]:
        counts = [post.author_followers]
        if e := post.engagement:
            counts += [e.likes, e.reposts, e.replies, e.quotes, e.views]
        assert all(count is None or count >= 0 for count in counts)


def test_text_can_be_stored(nightly):
    for post in nightly()[0]:
        post.text.encode("utf-8")
        assert "\0" not in post.text
        assert post.text.strip()


def test_a_second_night_run_gives_the_same_posts(nightly):
    first, second = nightly(), nightly()
    assert first[0] == second[0]
    assert first[1].reasons == second[1].reasons


def test_what_cannot_be_read_is_counted(nightly):
    _, ask = nightly()
    assert dict(ask.reasons) == getattr(nightly.replay, "UNREAD", {})


def test_an_unknown_source_is_refused_with_those_that_exist():
    with pytest.raises(collect.ConfigError, match="there are: archive"):
        collect.load("telepathy")


def test_keys_are_not_shown_with_what_holds_them():
    told = {"RAYONNER_X_BEARER": "not-to-be-shown"}
    work = Work(None, None, None, [], None, {}, NOW, [], told)
    assert "not-to-be-shown" not in f"{collect.Ask(NOW, told)!r} {work!r}"
