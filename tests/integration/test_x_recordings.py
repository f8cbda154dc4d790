"""X's own answers, as tweepy recorded them, read over HTTP: unchanged, in X's new words, and behind a proxy that fails.

The recordings hold people's posts: they are read where they lie, and nothing of them is kept or printed.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.collect import Ask, archive, x
from pipeline.collect._waits import asked_wait
from pipeline.model import Post, Query, Window
from tests.collect.loopback import Asked, Reply, Time, serving
from tests.collect.purses import CountingPurse
from tests.collect.test_archive_x import renamed
from tests.integration.fault_proxy import failing

pytestmark = pytest.mark.integration

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "recordings" / "x"
NIGHT = Window.night(date(2022, 10, 8))  # the recordings were made on 2022-10-07, at 22:43 and 22:58 UTC
LONG_AGO = datetime(2006, 3, 21, tzinfo=UTC)
NOW = datetime(2022, 10, 9, 4, 0, tzinfo=UTC)
QUERIES = [Query("tweepy", ("Tweepy",))]
DECLARED = {
    "RAYONNER_X_BEARER": "SECRET",
    "RAYONNER_X_PLAN": "pay-per-use",
    "RAYONNER_X_TERMS": "no-public-readers",
    "RAYONNER_X_LAW": "RGPD art. 6-1 f",
}
ARCHIVE = DECLARED | {"RAYONNER_X_PLAN": "pay-per-use-archive"}
NOTHING = json.dumps({"meta": {"result_count": 0}}).encode()


def recorded(name: str) -> Reply:
    """The recorded answer as it came over the wire: packed, with its headers."""
    path = RECORDED / f"test_client_{name}.yaml"
    if not path.exists():
        pytest.skip("the recorded answers of X (shared/data) are not here")
    answer = yaml.safe_load(path.read_text("utf-8"))["interactions"][0]["response"]
    headers = {name: str(values[0]) for name, values in answer["headers"].items()}
    return Reply(answer["body"]["string"], answer["status"]["code"], headers | {"content-length": ""})


def body(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(reply.body))
    return found


def sized(reply: Reply) -> Reply:
    return Reply(reply.body, reply.status, reply.headers | {"content-length": str(len(reply.body))})


def in_new_words(reply: Reply) -> Reply:
    """The recorded answer rewritten from tweets to posts: no recording in X's new words exists."""
    return sized(Reply(gzip.compress(json.dumps(renamed(body(reply))).encode()), reply.status, reply.headers))


def first_page(reply: Reply) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(NOTHING) if asked.query.get("next_token") else sized(reply)


def night(
    answer: Callable[[Asked], Reply], settings: dict[str, str] = DECLARED, *faults: Reply
) -> tuple[list[Post], Ask]:
    with serving(answer) as upstream, failing(upstream.base, *faults) as server:
        purse = CountingPurse()
        told = {"settings": settings, "base_url": server.base, "pace": Time().pace, "purse": purse}
        ask = Ask(now=NOW, timeout_s=2.0, **told)  # type: ignore[arg-type]
        posts = list(x.posts(NIGHT, QUERIES, ask))
        assert purse.spent["posts"] == len(posts)
        assert purse.spent["micros"] == ask.cost_micros
    return posts, ask


@pytest.mark.parametrize(("name", "settings"), [("search_recent_tweets", DECLARED), ("search_all_tweets", ARCHIVE)])
def test_every_recorded_post_is_read_in_both_vocabularies(name: str, settings: dict[str, str]) -> None:
    reply = recorded(name)
    posts, ask = night(first_page(reply), settings)
    assert [post.post_id for post in posts] == [one["id"] for one in body(reply)["data"]]
    assert len(posts) == body(reply)["meta"]["result_count"] == 10
    assert dict(ask.reasons) == {"hint:date_from_id": 10}, "recorded without fields: the date is in the id"
    assert not ask.truncated
    again, asked_again = night(first_page(in_new_words(reply)), settings | {"RAYONNER_X_WORDS": "post"})
    assert (again, asked_again.reasons) == (posts, ask.reasons)


LIMITED = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()) + 600)}
FAULTS = {
    "429 with a reset": Reply(b"{}", 429, LIMITED),
    "429 without one": Reply(b"{}", 429),
    "429 with a reset of 2022": Reply(b"{}", 429, {"x-rate-limit-reset": "1665183229"}),
    "502": Reply(b"<html>Bad Gateway", 502, {"content-type": "text/html"}),
    "reset": Reply(reset=True),
    "empty": Reply(b""),
    "cut": Reply(b'{"data": [{"id": "15785', cut=12),
    "HTML with 200": Reply(b"<!doctype html>", headers={"content-type": "text/html"}),
    "errors with 200": Reply(b'{"errors": [{"title": "Service Unavailable", "type": "about:blank"}]}'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_behind_a_proxy_that_fails_once_nothing_is_lost(fault: str) -> None:
    reply = recorded("search_recent_tweets")
    truth, _ = night(first_page(reply))
    posts, ask = night(first_page(reply), DECLARED, FAULTS[fault])
    assert (posts, ask.truncated, ask.asked) == (truth, False, 3)


def test_three_faults_in_a_row_are_outlasted() -> None:
    reply = recorded("search_recent_tweets")
    truth, _ = night(first_page(reply))
    posts, ask = night(first_page(reply), DECLARED, FAULTS["502"], FAULTS["reset"], FAULTS["empty"])
    assert (posts, ask.asked) == (truth, 5)


@pytest.mark.parametrize(
    ("name", "settings"), [("get_recent_tweets_count", DECLARED), ("get_all_tweets_count", ARCHIVE)]
)
def test_recorded_counts_are_summed(name: str, settings: dict[str, str]) -> None:
    reply = recorded(name)
    total = body(reply)["meta"]["total_tweet_count"]
    for one in (reply, in_new_words(reply)):
        with serving(first_page(one)) as server:
            ask = Ask(now=NOW, settings=settings, base_url=server.base, pace=Time().pace)
            assert x.expected(NIGHT, QUERIES, ask) == {"tweepy": total}
    assert total > 100


def test_recorded_posts_are_looked_at_again() -> None:
    reply = recorded("get_tweets")
    shown = [one["id"] for one in body(reply)["data"]]
    with serving(lambda asked: sized(reply)) as server:
        ask = Ask(now=NOW, settings=DECLARED, base_url=server.base, pace=Time().pace)
        told = list(x.again([*shown, "20"], ask))
    assert [(one.post_id, one.gone) for one in told] == [*((one, False) for one in shown), ("20", True)]
    assert all(one.engagement is None for one in told), "recorded without metrics: unknown, not zero"


def test_recorded_limits_are_understood() -> None:
    headers = {name.lower(): value for name, value in recorded("search_recent_tweets").headers.items()}
    wait = asked_wait(headers, NOW)
    assert wait is not None
    assert 0 <= wait <= 900


@pytest.mark.parametrize("rewritten", [False, True], ids=["as recorded", "in X's new words"])
def test_an_archive_of_x_and_x_read_live_give_the_same_posts(rewritten: bool) -> None:
    path = RECORDED.parent / "x_archive" / "noflat.jsonl"
    if not path.exists():
        pytest.skip("the recorded archives of X (shared/data) are not here")
    kept = {post.post_id: post for post in archive.read(path, Ask(now=NOW))}
    pages = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found: dict[str, Post] = {}
    for page in pages:
        page = renamed(page) if rewritten else page
        page["meta"].pop("next_token", None)
        with serving(lambda asked, page=page: Reply(json.dumps(page).encode())) as server:
            ask = Ask(now=NOW, settings=ARCHIVE, base_url=server.base, pace=Time().pace)
            found |= {post.post_id: post for post in x.posts(Window(LONG_AGO, NOW), QUERIES, ask)}
    assert len(found) == len(kept) == 100
    for post_id, post in found.items():
        seen = kept[post_id].engagement
        assert seen is not None
        as_seen_now = replace(kept[post_id], seen_at=NOW, engagement=replace(seen, observed_at=NOW))
        assert post == as_seen_now
