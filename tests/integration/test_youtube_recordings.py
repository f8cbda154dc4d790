"""YouTube's own answers, as recorded by the tests of python-youtube, read over HTTP and through a proxy that fails.

The recordings hold people's comments: they are read where they lie, and nothing of them is kept or printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.collect import Again, Ask, youtube
from pipeline.errors import CredentialError
from pipeline.model import Post, Query, Window
from tests.collect.loopback import Asked, Reply, Time, serving
from tests.collect.purses import CountingPurse
from tests.collect.replay_youtube import refused
from tests.integration.fault_proxy import failing

pytestmark = pytest.mark.integration

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "recordings" / "youtube"
NOW = datetime(2020, 4, 1, 4, 0, tzinfo=UTC)  # the recordings are of 2019 and early 2020
SPAN = Window(datetime(2009, 1, 1, tzinfo=UTC), NOW)
QUERIES = [Query("surf", ("surfing",))]
KEY = {"RAYONNER_YOUTUBE_KEY": "SECRET"}


def recorded(name: str) -> Reply:
    path = RECORDED / f"{name}.json"
    if not path.exists():
        pytest.skip("the recorded answers of YouTube (shared/data) are not here")
    return Reply(path.read_bytes())


def shown(reply: Reply) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(reply.body)["items"]
    return found


def site(videos: str = "videos/videos_chart_paged_1") -> Callable[[Asked], Reply]:
    """The recorded search in two pages, a recorded list of videos, and recorded threads in two pages under one."""
    pages = {"": recorded("search/search_by_keywords_p1"), "CBkQAA": recorded("search/search_by_keywords_p2")}
    threads = [recorded(f"comment_threads/comment_threads_by_video_paged_{n}") for n in (1, 2)]
    made = recorded(videos)
    discussed = shown(made)[0]["id"]

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/search"):
            return pages.get(asked.query.get("pageToken", ""), Reply(b'{"items": []}'))
        if asked.path.endswith("/videos"):
            return made
        if asked.path.endswith("/channels"):
            return Reply(b'{"items": []}')  # none is recorded with its handle
        if asked.query["videoId"] != discussed:
            return refused(403, "commentsDisabled")  # hand-made: no refusal with this reason is recorded
        return threads[1 if "pageToken" in asked.query else 0]

    return answer


def night(answer: Callable[[Asked], Reply], *faults: Reply) -> tuple[list[Post], Ask, CountingPurse]:
    with serving(answer) as upstream, failing(upstream.base, *faults) as server:
        purse = CountingPurse()
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, timeout_s=2.0, pace=Time().pace, purse=purse)
        return list(youtube.posts(SPAN, QUERIES, ask)), ask, purse


def test_every_recorded_video_and_comment_is_read() -> None:
    posts, ask, purse = night(site())
    videos = [post for post in posts if post.kind == "post"]
    comments = [post for post in posts if post.kind == "reply"]
    assert [post.post_id for post in videos] == [one["id"] for one in shown(recorded("videos/videos_chart_paged_1"))]
    assert len(comments) == 5
    assert all(post.engagement is not None and post.engagement.likes is not None for post in comments)
    assert all(post.author_id and post.author_id.startswith("UC") for post in posts)
    # The second recorded page of threads is the first one again: a walk that goes in circles is stopped and told.
    assert dict(ask.reasons) == {"duplicate": 5, "repeated_page": 1, "hint:comments_disabled": 4}
    assert ask.truncated
    assert purse.spent["units"] == 100 * 3 + 2 + 1 + 2 + 4, (
        "three searches, two lists of videos, their channels once, five videos of which one has two pages"
    )


@pytest.mark.parametrize(
    "name", ["videos_chart_paged_2", "videos_info_multi", "videos_info_single", "videos_myrating_paged_1"]
)
def test_every_recorded_list_of_videos_is_read(name: str) -> None:
    posts, *_ = night(site(f"videos/{name}"))
    items = shown(recorded(f"videos/{name}"))
    assert [post.post_id for post in posts if post.kind == "post"] == [one["id"] for one in items]
    for post, one in zip(posts, items, strict=False):
        assert post.text.startswith(one["snippet"]["title"][:20].strip())


@pytest.mark.parametrize("name", ["by_channel", "by_video_paged_1", "multi", "with_search", "all_to_me"])
def test_every_recorded_thread_is_read(name: str) -> None:
    reply = recorded(f"comment_threads/comment_threads_{name}")
    video = json.dumps({"F1UP7wRCPH8": NOW.replace(month=3, day=30).isoformat()})

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/search"):
            return Reply(b'{"items": []}')
        return Reply(reply.body.replace(b"nextPageToken", b"unused"))

    with serving(answer) as server:
        window = Window(datetime(2018, 1, 1, tzinfo=UTC), NOW)
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, pace=Time().pace, cursor=video)
        posts = list(youtube.posts(window, QUERIES, ask))
    inside = [one["id"] for one in shown(reply) if _at(one) >= window.start]
    assert [post.post_id for post in posts] == inside
    assert inside


def _at(thread: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(thread["snippet"]["topLevelComment"]["snippet"]["publishedAt"])


FAULTS = {
    "403 too fast": refused(403, "rateLimitExceeded"),
    "429": Reply(b"{}", 429, {"retry-after": "3"}),
    "503": Reply(b"", 503),
    "reset": Reply(reset=True),
    "empty": Reply(b""),
    "cut": Reply(b'{"items": [{"id"', cut=9),
    "HTML with 200": Reply(b"<!doctype html>", headers={"content-type": "text/html"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_behind_a_proxy_that_fails_once_nothing_is_lost(fault: str) -> None:
    truth, met, free = night(site())
    posts, ask, purse = night(site(), FAULTS[fault])
    assert (posts, ask.reasons) == (truth, met.reasons)
    assert purse.spent["units"] == free.spent["units"] + 100, "a search that failed is a search spent"


def test_the_recorded_refusal_is_a_key_that_is_none() -> None:
    reply = recorded("error_response")
    with pytest.raises(CredentialError, match="RAYONNER_YOUTUBE_KEY"):
        night(lambda asked: Reply(reply.body, 400))


def test_recorded_videos_and_comments_are_looked_at_again() -> None:
    videos, comments = recorded("videos/videos_info_multi"), recorded("comments/comments_multi")
    ids = [one["id"] for one in (*shown(videos), *shown(comments))]
    with serving(lambda asked: videos if asked.path.endswith("/videos") else comments) as server:
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, pace=Time().pace)
        told: list[Again] = list(youtube.again([*ids, "aaaaaaaaaaa", "UgnoneAaABAg"], ask))
    assert {one.post_id for one in told if one.gone} == {"aaaaaaaaaaa", "UgnoneAaABAg"}
    assert {one.post_id for one in told if not one.gone} == set(ids)
    assert [one.engagement is None for one in told if one.post_id in ids] == [True, True, False, False]
