"""What Reddit answered, as recorded in PRAW's source distribution, replayed over HTTP: every post is read or refused.

The recordings (2016 to 2025) hold people's posts: they are read where they were downloaded, and nothing of them is kept
or printed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.collect import Ask, _reddit_thing, reddit
from pipeline.collect._waits import asked_wait, is_spent
from pipeline.errors import MalformedError, PipelineError
from pipeline.model import Query, Window
from tests.collect.loopback import Asked, Reply, Time, serving

pytestmark = pytest.mark.integration

NOW = datetime(2027, 1, 1, tzinfo=UTC)
EVER = Window(datetime(2005, 6, 1, tzinfo=UTC), NOW)
QUERIES = [Query("just-dijon", ("Dijon",))]
KEY = {"RAYONNER_REDDIT_CLIENT_ID": "a", "RAYONNER_REDDIT_CLIENT_SECRET": "b", "RAYONNER_CONTACT": "a@example.org"}
# What a server says of one transfer, and is no longer true when the body is sent anew.
TRANSFER = {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"}

Exchange = dict[str, Any]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Exchange]]:
    """The exchanges of each recording, by its name."""
    folder = tmp_path_factory.mktemp("recordings")
    told = ["pip", "download", "-q", "--no-deps", "--no-binary", "praw", "-d", str(folder), "praw==8.0.3"]
    if subprocess.run([sys.executable, "-m", *told], capture_output=True, timeout=240).returncode:
        pytest.skip("PRAW's source distribution cannot be downloaded here")
    found = {}
    with tarfile.open(next(folder.glob("*.tar.gz"))) as packed:
        for member in packed:
            if "/cassettes/" in member.name and member.name.endswith(".json") and (file := packed.extractfile(member)):
                found[Path(member.name).stem] = json.load(file)["interactions"]
    return found


def _reply(exchange: Exchange) -> Reply:
    response = exchange["response"]
    headers = {name.lower(): values[0] for name, values in response["headers"].items() if values}
    kept = {name: value for name, value in headers.items() if name not in TRANSFER}
    return Reply(response["body"]["string"].encode(), response["status"]["code"], kept)


def _path(exchange: Exchange) -> tuple[str, str]:
    request = exchange["request"]
    return request["method"], urlsplit(request["uri"]).path.strip("/")


def _told(exchange: Exchange) -> Any:
    try:
        return json.loads(exchange["response"]["body"]["string"])
    except ValueError:
        return None


def _replay(exchanges: list[Exchange], **more: object) -> Callable[[Asked], Reply]:
    """Answers each method and path with what was recorded for it, in the order of the recording, the last for ever."""
    left = defaultdict(list)
    for exchange in exchanges:
        left[_path(exchange)].append(_reply(exchange))

    def answer(asked: Asked) -> Reply:
        path = asked.path.strip("/")
        if path in more:
            return Reply(json.dumps(more[path]).encode())
        replies = left[asked.method, path]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    return answer


def _things(said: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every submission and comment, however deep in an answer."""
    if isinstance(said, dict):
        if said.get("kind") in ("t1", "t3") and isinstance(said.get("data"), dict):
            yield said["kind"], said["data"]
        said = list(said.values())
    if isinstance(said, list):
        for one in said:
            yield from _things(one)


def _night(answer: Callable[[Asked], Reply]) -> tuple[list[Any], Ask, list[Asked]]:
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, pace=Time().pace)
        return list(reddit.posts(EVER, QUERIES, ask)), ask, server.asked


def test_a_recorded_search_is_read_whole(recordings: dict[str, list[Exchange]]) -> None:
    exchanges = recordings["TestSubreddit.test_search"]
    listed = [thing for kind, thing in _things(_told(exchanges[1])) if kind == "t3"]
    threads = {f"comments/{thing['id']}": [None, {"kind": "Listing", "data": {"children": []}}] for thing in listed}
    for thing in listed:
        own = {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": thing}]}}
        threads[f"comments/{thing['id']}"][0] = own
    posts, ask, asked = _night(_replay(exchanges, **threads))
    there = {f"t3_{thing['id']}" for thing in listed if not _reddit_thing.is_gone(thing)}
    assert {post.post_id for post in posts} == there
    assert ask.reasons["removed"] == len(listed) - len(there)
    assert asked[1].query["q"] == '"Dijon"'


def test_a_recorded_thread_is_read_as_far_as_it_may(recordings: dict[str, list[Exchange]]) -> None:
    exchanges = recordings["TestCommentForest.test_replace__all"]
    submission = _told(exchanges[1])[0]
    posts, ask, asked = _night(_replay(exchanges, **{"r/all/search": submission}))
    first = sum(kind == "t1" for kind, _ in _things(_told(exchanges[1])))
    more = [one for one in asked if one.path.startswith(("/api/morechildren", "/comments/3hahrw/_"))]
    assert len(more) == 8
    assert len(posts) + ask.reasons["removed"] > first + 8
    assert (ask.truncated, ask.reasons["hint:talk_cut"]) == (True, 1)
    assert {post.kind for post in posts} == {"post", "reply"}


def test_recorded_counts_are_seen_again(recordings: dict[str, list[Exchange]]) -> None:
    exchanges = recordings["TestReddit.test_info"]
    asked = [
        name for one in exchanges[1:] for name in parse_qs(urlsplit(one["request"]["uri"]).query)["id"][0].split(",")
    ]
    with serving(_replay(exchanges)) as server:
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, pace=Time().pace)
        seen = {one.post_id: one for one in reddit.again(asked, ask)}
    told = {f"{kind}_{thing['id']}": thing for one in exchanges[1:] for kind, thing in _things(_told(one))}
    assert len(told) > 100
    for own, thing in told.items():
        assert seen[own].gone == _reddit_thing.is_gone(thing)
        if not seen[own].gone and thing["score"] >= 0 and not thing.get("score_hidden"):
            assert seen[own].engagement.likes == thing["score"]
    assert all(one.gone for own, one in seen.items() if own not in told and not own.startswith("t5_"))


def test_every_recorded_post_is_read_or_refused_with_a_reason(recordings: dict[str, list[Exchange]]) -> None:
    outcome, kinds = Counter[str](), Counter[str]()
    for exchange in (one for exchanges in recordings.values() for one in exchanges):
        for kind, thing in _things(_told(exchange)):
            try:
                post = _reddit_thing.post(thing, kind, Ask(now=NOW))
            except MalformedError as refused:
                outcome[refused.reason] += 1
                continue
            outcome["read"] += 1
            kinds[post.kind] += 1
            assert post.post_id == f"{kind}_{thing['id']}"
    assert outcome["read"] > 9_000, outcome
    assert set(outcome) <= {"read", "removed", "no_text"}, outcome
    assert {"post", "reply"} <= set(kinds), kinds


def test_every_recorded_failure_is_an_error_of_our_tree(recordings: dict[str, list[Exchange]]) -> None:
    token = recordings["TestReddit.test_info"][0]
    met_once = {}
    for one in (one for exchanges in recordings.values() for one in exchanges):
        if one["response"]["status"]["code"] >= 300:
            met_once.setdefault((one["response"]["status"]["code"], one["response"]["body"]["string"]), one)
    met, said = Counter[str](), list[Reply]()
    with serving(lambda asked: _reply(token) if "access_token" in asked.path else said[-1]) as server:
        for failure in met_once.values():
            said.append(_reply(failure))
            ask = Ask(now=NOW, settings=KEY, base_url=server.base, pace=Time().pace)
            with pytest.raises(PipelineError) as raised:
                list(reddit.again(["t3_aa"], ask))
            met[f"{said[-1].status} {raised.type.__name__}"] += 1
    assert {"403 CredentialError", "404 GoneError", "500 UnavailableError"} <= set(met), met


def test_recorded_limits_are_understood(recordings: dict[str, list[Exchange]]) -> None:
    limits = [_reply(one).headers for exchanges in recordings.values() for one in exchanges]
    limits = [headers for headers in limits if "x-ratelimit-reset" in headers]
    assert len(limits) > 1_000
    assert all(0 <= (asked_wait(headers, NOW) or 0) <= 600 for headers in limits)
    assert not any(is_spent(headers) for headers in limits if float(headers["x-ratelimit-remaining"]))
