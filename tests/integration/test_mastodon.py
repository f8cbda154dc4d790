"""The source `mastodon` against a stateful server with faults: complete, polite, and whole again on the second run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import settings, steps, store
from pipeline.collect import Again, Ask, mastodon
from pipeline.errors import CredentialError, RateLimitedError, UnavailableError
from pipeline.model import Post, Query, Window
from tests.collect.loopback import Time
from tests.integration.mastodon_server import ACCOUNTS, Server, running

pytestmark = pytest.mark.integration

WINDOW = Window.night(date(2026, 1, 12))
NOW = WINDOW.end + timedelta(hours=4)
QUERIES = [Query("just-dijon", ("Dijon", "Dijon Métropole"), ("JustDijon",))]
TAG = "/api/v1/timelines/tag/dijon"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("mastodon")) as one:
        _fill(one)
        yield one


@pytest.fixture(autouse=True)
def mended(server: Server) -> Iterator[None]:
    yield
    server.mend()


def _at(hour: float) -> datetime:
    return WINDOW.start + timedelta(hours=hour)


def _fill(server: Server) -> None:
    """The night before, a night of 60 posts over two pages, the night after."""
    text = "À #Dijon, été n° {} : ça va « très » bien 🚲 #JustDijon"
    said = [(server.say(f"La veille à #Dijon {n} 🥐"), _at(-3 + n)) for n in range(3)]
    said += [(server.say(text.format(n), ACCOUNTS[n % 3]), _at(n / 3)) for n in range(60)]
    said += [(server.say(f"Le lendemain à #Dijon {n}"), _at(24 + n / 4)) for n in range(25)]
    server.backdate(said)


def _read(*bases: str, cursor: str | None = None, **settings: str) -> tuple[list[Post], Ask, Time]:
    time = Time()
    ask = Ask(now=NOW, base_url=None, timeout_s=20, cursor=cursor, pace=time.pace)
    ask.settings = {"RAYONNER_MASTODON_INSTANCES": ",".join(bases), **settings}
    return list(mastodon.posts(WINDOW, QUERIES, ask)), ask, time


def test_every_post_of_the_night_comes_once(server: Server) -> None:
    posts, ask, _ = _read(server.base)
    assert len(posts) == 60
    assert len({post.post_id for post in posts}) == 60
    assert all(WINDOW.holds(post.created_at) for post in posts)
    assert not ask.truncated
    assert ask.reasons["duplicate"] == 60  # each carries two of the tags
    assert "À #Dijon, été n° 0 : ça va « très » bien 🚲 #JustDijon" in {post.text for post in posts}
    assert {post.author_handle for post in posts} == {f"{n}@{server.base[7:]}" for n in ACCOUNTS}
    assert all(post.engagement is not None and post.engagement.likes == 0 for post in posts)


def test_twice_is_once(server: Server) -> None:
    first, ask, _ = _read(server.base)
    second, _, _ = _read(server.base, cursor=ask.cursor)
    assert first == second


def test_two_servers_that_know_the_same_post_give_it_once(server: Server) -> None:
    posts, ask, _ = _read(server.base, server.base.replace("127.0.0.1", "localhost"))
    assert len(posts) == 60
    assert not ask.truncated


def test_one_server_down_is_a_partial_night_with_the_posts_of_the_other(server: Server) -> None:
    posts, ask, time = _read("http://127.0.0.1:9", server.base)
    assert len(posts) == 60
    assert ask.truncated
    assert ask.reasons["server_lost"] == 1
    assert len(time.slept) == 3


def test_a_rate_limit_is_waited_for_as_long_as_it_says(server: Server) -> None:
    headers = {"X-RateLimit-Reset": "2030-01-01T00:05:00.000000Z", "Date": "Tue, 01 Jan 2030 00:00:00 GMT"}
    server.fault(TAG, 1, type="ratelimit", headers=headers)
    posts, ask, time = _read(server.base)
    assert len(posts) == 60
    assert not ask.truncated
    assert [round(slept) for slept in time.slept] == [300]


@pytest.mark.parametrize("effect", [{"type": "status", "status": 503}, {"type": "malformed"}, {"type": "ratelimit"}])
def test_a_fault_half_way_loses_nothing_in_the_end(server: Server, effect: dict[str, object], tmp_path: Path) -> None:
    server.fault(TAG, 2, **effect)
    posts, ask, _ = _read(server.base)
    assert len(posts) == 60
    server.fault(TAG, **effect)
    with pytest.raises((UnavailableError, RateLimitedError)):
        _read(server.base)
    server.mend()
    assert len(_read(server.base, cursor=ask.cursor)[0]) == 60


def test_a_token_that_is_refused_is_said(server: Server) -> None:
    server.fault("/api/v2/instance", 1, type="status", status=401)
    with pytest.raises(CredentialError):
        _read(server.base, RAYONNER_MASTODON_TOKENS=f"{server.base[7:]}=wrong")


def test_edits_deletions_quotes_replies_and_people_who_opted_out(server: Server) -> None:
    kept = server.say("Une faute à #Dijon", at=_at(20.1))
    gone = server.say("À effacer #Dijon", at=_at(20.2))
    answer = server.say("Oui ! #Dijon", "habitante", at=_at(20.3), in_reply_to_id=kept["id"])
    hidden = server.say("Entre nous #Dijon", at=_at(20.4), visibility="unlisted")
    server.act("POST", f"/api/v1/statuses/{kept['id']}/favourite", "touriste")
    server.act("PUT", f"/api/v1/statuses/{kept['id']}", status="Une faute corrigée à #Dijon")
    server.act("DELETE", f"/api/v1/statuses/{gone['id']}")
    server.set("update accounts set indexable = 0 where username = 'touriste'")
    try:
        posts, ask, _ = _read(server.base)
    finally:
        server.set("update accounts set indexable = 1")
        for status, by in ((kept, "ville"), (answer, "habitante"), (hidden, "ville")):
            server.act("DELETE", f"/api/v1/statuses/{status['id']}", by)
    found = {post.post_id: post for post in posts}
    assert found[kept["uri"]].text == "Une faute corrigée à #Dijon"
    assert found[kept["uri"]].engagement.likes == 1  # type: ignore[union-attr]
    assert found[answer["uri"]].kind == "reply"
    assert gone["uri"] not in found
    assert hidden["uri"] not in found
    assert ask.reasons["hint:edited"] == 1
    assert ask.reasons["not_indexable"] == 40  # twenty posts, met under two tags
    assert len(posts) == 42


def test_check_says_what_to_do(server: Server) -> None:
    ask = Ask(now=NOW, base_url=server.base, timeout_s=20, pace=Time().pace)
    assert mastodon.check(ask) == f"{server.base[7:]} is open"
    server.fault("/api/v2/instance", type="status", status=401)
    assert "set RAYONNER_MASTODON_TOKENS" in mastodon.check(ask)


def _again(server: Server, *post_ids: str) -> tuple[dict[str, Again], Ask]:
    ask = Ask(now=NOW, base_url=server.base, timeout_s=20, pace=Time().pace)
    return {one.post_id: one for one in mastodon.again(post_ids, ask)}, ask


def test_a_second_look_sees_new_counts_deletions_and_people_who_opted_out(server: Server) -> None:
    before, _, _ = _read(server.base)
    liked, gone = server.say("Aimé à #Dijon", at=_at(20.1)), server.say("À effacer #Dijon", at=_at(20.2))
    known = [*(post.post_id for post in before), liked["uri"], gone["uri"]]
    server.act("POST", f"/api/v1/statuses/{liked['id']}/favourite", "touriste")
    server.act("POST", f"/api/v1/statuses/{liked['id']}/reblog", "habitante")
    server.act("DELETE", f"/api/v1/statuses/{gone['id']}")
    server.set("update accounts set indexable = 0 where username = 'touriste'")
    try:
        told, ask = _again(server, *known)
    finally:
        server.set("update accounts set indexable = 1")
        server.act("POST", f"/api/v1/statuses/{liked['id']}/unreblog", "habitante")
        server.act("DELETE", f"/api/v1/statuses/{liked['id']}")
    seen = told[liked["uri"]].engagement
    assert seen is not None and (seen.likes, seen.reposts, seen.replies) == (1, 1, 0)
    opted_out = {post.post_id for post in before if (post.author_handle or "").startswith("touriste@")}
    assert {own for own, one in told.items() if one.gone} == {gone["uri"], *opted_out}
    assert (len(told), len(opted_out), ask.asked) == (62, 20, 5)  # four calls of twenty, and one for what is not shown


def test_a_server_that_fails_or_closes_calls_nothing_gone(server: Server) -> None:
    known = [post.post_id for post in _read(server.base)[0]][:3]
    for code, error in ((503, UnavailableError), (401, CredentialError)):
        server.fault("/api/v1/statuses*", type="status", status=code)
        with pytest.raises(error):
            _again(server, *known)
        server.mend()
    assert not any(one.gone for one in _again(server, *known)[0].values())


def test_the_follow_up_counts_and_takes_out_of_the_store(server: Server, tmp_path: Path) -> None:
    told = {"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_TIER": "fast"}
    given = settings.load(told | {"RAYONNER_SOURCES": "mastodon", "RAYONNER_MASTODON_URL": server.base})
    liked, gone = server.say("Aimé à #Dijon", at=_at(20.1)), server.say("À effacer #Dijon", at=_at(20.2))
    night = date(2026, 1, 12)
    steps.collect(given, "mastodon", night, night, now=NOW)
    server.act("POST", f"/api/v1/statuses/{liked['id']}/favourite", "touriste")
    server.act("DELETE", f"/api/v1/statuses/{gone['id']}")
    engine = store.connect(given.store_url)
    try:
        done = steps.follow_up(given, "mastodon", now=NOW + timedelta(hours=37))
    finally:
        server.act("DELETE", f"/api/v1/statuses/{liked['id']}")
    assert (done.seen, done.observed, done.left, done.overdue) == (61, 1, 1, 0)
    kept = {row["post_id"]: row for part in store.changes(engine, "post", 0) for row in part}
    assert liked["uri"] in kept and gone["uri"] not in kept
    likes = [row["likes"] for part in store.changes(engine, "engagement", 0) for row in part if row["likes"]]
    assert likes == [1]
    assert steps.follow_up(given, "mastodon", now=NOW + timedelta(hours=37)).seen == 0
