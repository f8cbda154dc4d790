"""Mastodon's posts looked at again: whom to ask, what their answers mean, and what is never called gone."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Again, Ask, _instance_again, mastodon
from pipeline.collect._instance_again import home
from pipeline.errors import CredentialError, RateLimitedError, UnavailableError
from pipeline.model import Engagement
from tests.collect.loopback import Reply, Time, serving
from tests.collect.replay_mastodon import status

NOW = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)
FAR = "https://loin.example/users/a/statuses/7"
ABSENT = Reply(b'{"error": "Record not found"}', 404)
SEEN = Engagement(NOW, likes=3, reposts=0, replies=1)


class Instance:
    """A server with posts by id, changed at will; `several` is whether it can be asked for many at once."""

    def __init__(self, ids=(), several=True, answer=None):
        self.posts = {str(n): {} for n in ids}
        self.several = several
        self.found = []
        self.strange = answer

    def answer(self, asked):
        if self.strange and (reply := self.strange(asked)):
            return reply
        host = asked.headers["host"]
        if asked.path == "/api/v2/search":
            return Reply(json.dumps({"statuses": self.found}).encode())
        if asked.path == "/api/v1/statuses":
            ids = [one.split("=")[1] for one in asked.target.partition("?")[2].split("&")]
            return Reply(json.dumps([self.shown(own, host) for own in ids if own in self.posts]).encode()) \
                if self.several else Reply(b"<h1>no route</h1>", 404)  # fmt: skip
        own = asked.path.rpartition("/")[2]
        return Reply(json.dumps(self.shown(own, host)).encode()) if own in self.posts else ABSENT

    def shown(self, own, host):
        return status(own) | {"uri": f"http://{host}/users/a/statuses/{own}"} | self.posts[own]


def look(server, numbers=(), others=(), bases=None, **settings):
    time = Time()
    host = server.base.removeprefix("http://")
    given = {"RAYONNER_MASTODON_INSTANCES": bases or server.base}
    given |= {name: value.replace("HOST", host) for name, value in settings.items()}
    ask = Ask(now=NOW, timeout_s=2.0, pace=time.pace, settings=given)
    told, raised = [], None
    try:
        told.extend(mastodon.again([*(f"{server.base}/users/a/statuses/{n}" for n in numbers), *others], ask))
    except (CredentialError, UnavailableError, RateLimitedError) as error:
        raised = error
    return {one.post_id.rpartition("/")[2]: one for one in told}, ask, raised, time


@pytest.mark.parametrize(
    ("post_id", "where"),
    [
        ("https://ici.example/users/ville/statuses/12", ("ici.example", "12")),
        ("https://Ici.example/ap/users/9/statuses/12/activity", ("ici.example", "12")),
        ("https://ici.example/@ville/12", ("ici.example", "12")),
        ("https://ici.example/users/v/statuses/01HXYZ", ("ici.example", "01HXYZ")),
        ("ici.example/12", ("ici.example", "12")),
        ("https://ici.example/objects/8a-b", None),
        ("https://ici.example/users/ville/statuses/../../admin", None),
        ("https://ici.example/users/ville/statuses/12?x=1", None),
        ("ftp://ici.example/users/ville/statuses/12", None),
        ("https://[/users/ville/statuses/12", None),
    ],
)
def test_an_address_tells_whom_to_ask_for_what(post_id, where):
    assert home(post_id) == where


@given(st.text())
def test_any_id_has_a_home_or_none(post_id):
    assert home(post_id) is None or all(home(post_id))


def test_posts_are_asked_for_twenty_at_a_time_and_those_not_shown_apart():
    known = Instance(n for n in range(45) if n not in (3, 30))
    with serving(known.answer) as server:
        told, ask, raised, time = look(server, range(45))
    assert {own for own, one in told.items() if one.gone} == {"3", "30"}
    assert [one.engagement for one in told.values() if not one.gone] == [SEEN] * 43
    assert (len(told), raised, ask.fetched, ask.asked, len(server.asked)) == (45, None, 45, 5, 5)
    assert sum(time.slept) == pytest.approx(4)  # a second apart: 300 in 5 minutes


def test_a_server_that_takes_one_id_a_call_is_asked_so():
    known = Instance(range(1, 30), several=False)
    with serving(known.answer) as server:
        told, ask, _, _ = look(server, range(30))
    assert [own for own, one in told.items() if one.gone] == ["0"]
    assert (len(told), ask.asked) == (30, 31)


def test_a_server_that_keeps_the_list_for_members_shows_each_post():
    members = Instance([1], answer=lambda asked: Reply(b"{}", 401) if asked.path == "/api/v1/statuses" else None)
    with serving(members.answer) as server:
        told, _, raised, _ = look(server, [1, 2])
    assert ({own: one.gone for own, one in told.items()}, raised) == ({"1": False, "2": True}, None)


def test_410_is_gone_and_a_page_of_a_proxy_is_not():
    known = Instance([1], answer=lambda asked: Reply(ABSENT.body, 410) if asked.path.endswith("/2") else None)
    with serving(known.answer) as server:
        assert look(server, [1, 2])[0]["2"].gone
    for body in (b"<h1>Not found</h1>", b'"error"', b"{}", b""):
        strange = Instance([1], answer=lambda asked, said=body: Reply(said, 404) if asked.path[-1] == "2" else None)
        with serving(strange.answer) as server:
            told, ask, raised, _ = look(server, [1, 2])
        assert (told, ask.reasons["server_lost"]) == ({}, 1)
        assert isinstance(raised, UnavailableError)


@pytest.mark.parametrize("code", [401, 403])
def test_closed_is_not_gone(code):
    with serving(lambda asked: Reply(b'{"error": "no"}', code)) as shut, serving(Instance([1]).answer) as server:
        told, ask, raised, _ = look(
            server, [1, 2], [f"{shut.base}/users/a/statuses/9"], bases=f"{shut.base},{server.base}"
        )
        assert ({own: one.gone for own, one in told.items()}, raised) == ({"1": False, "2": True}, None)
        assert ask.reasons["server_closed"] == 1
        told, _, raised, _ = look(shut, [1])
    assert told == {} and isinstance(raised, CredentialError)


@pytest.mark.parametrize("reply", [Reply(b"", 503), Reply(b"{}"), Reply(b"[", cut=1), Reply(reset=True)])
def test_a_server_in_trouble_calls_nothing_gone(reply):
    with serving(lambda asked: reply) as server:
        told, ask, raised, _ = look(server, range(3))
    assert told == {} and isinstance(raised, UnavailableError)
    assert ask.reasons["server_lost"] == 1


def test_none_shown_of_many_is_not_believed_of_few_it_is():
    with serving(Instance().answer) as server:
        told, _, raised, _ = look(server, range(11))
        assert told == {} and isinstance(raised, UnavailableError)
        told, _, raised, _ = look(server, range(10))
    assert raised is None and [one.gone for one in told.values()] == [True] * 10


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ({"account": {"noindex": True}}, "noindex"),
        ({"account": {"indexable": False}}, "not_indexable"),
        ({"visibility": "unlisted"}, "not_public"),
    ],
)
def test_who_opted_out_since_is_taken_out_however_many_posts(now, reason):
    known = Instance(range(25))
    for one in known.posts.values():
        one |= now
    with serving(known.answer) as server:
        told, ask, raised, _ = look(server, range(25))
    assert raised is None and [one.gone for one in told.values()] == [True] * 25
    assert ask.reasons[reason] == 25


def test_an_id_that_is_no_address_on_the_public_network_is_left_untouched():
    with serving(Instance([1]).answer) as server:
        told, ask, raised, _ = look(server, [1], ["garbage", "http://10.0.0.1/notes/x", "https://[/x", "ftp://e.fr/1"])
    assert (list(told), raised, ask.reasons["not_asked"], len(server.asked)) == (["1"], None, 4, 1)


ANSWERS = {
    "there": None,
    "tombstone": Reply(b'{"type": "Tombstone"}', 410),
    "gone": Reply(b"", 410),
    "absent": ABSENT,
    "proxy": Reply(b"<h1>Not found", 404),
    "closed": Reply(b'{"error": "no"}', 401),
    "another": Reply(b'{"id": "https://loin.example/1"}'),
    "page": Reply(b"<h1>Bonjour", headers={"content-type": "text/html"}),
    "down": Reply(b"", 503),
}


def test_posts_of_other_servers_are_asked_for_at_their_own_address():
    def answer(asked):
        return ANSWERS[asked.path.rpartition("/")[2]] or Reply(json.dumps({"id": other.base + asked.path}).encode())

    with serving(Instance([1]).answer) as ours, serving(answer) as other:
        told, _, raised, time = look(ours, [1], [f"{other.base}/notes/{name}" for name in ANSWERS])
        assert {name for name, one in told.items() if one.gone} == {"tombstone", "gone", "absent"}
        assert (told["there"], raised) == (Again(f"{other.base}/notes/there"), None)
        assert told.keys() == {"1", "there", "tombstone", "gone", "absent"}
        assert {one.headers["accept"] for one in other.asked} == {"application/activity+json"}
        assert sum(time.slept) >= len(ANSWERS) - 1, "a second apart"
        assert not any("authorization" in one.headers for one in other.asked)


def test_a_server_that_calls_all_of_many_gone_is_not_believed_and_the_next_host_is_asked():
    with (
        serving(Instance().answer) as ours,
        serving(lambda asked: Reply(b"", 410)) as gone,
        serving(lambda asked: ABSENT) as small,
    ):
        told, _, raised, _ = look(ours, [], [*(f"{gone.base}/{n}" for n in range(11)), f"{small.base}/x"])
    assert ([key for key, one in told.items() if one.gone], raised) == (["x"], None)


def test_with_a_token_they_are_resolved_and_what_is_not_found_is_asked_for_at_its_address():
    known = Instance()
    known.found = [status(1) | {"uri": FAR, "favourites_count": 9}]
    with serving(known.answer) as server, serving(lambda asked: ABSENT) as away:
        other = f"{away.base}/objects/1"
        told, _, _, _ = look(server, [], [FAR, other], RAYONNER_MASTODON_TOKENS="HOST=SECRET")
    assert told == {"7": Again(FAR, Engagement(NOW, likes=9, reposts=0, replies=1)), "1": Again(other, gone=True)}
    assert not any("authorization" in one.headers for one in away.asked)
    assert [(one.query["q"], one.query["resolve"]) for one in server.asked] == [(FAR, "true"), (other, "true")]
    assert {one.headers["authorization"] for one in server.asked} == {"Bearer SECRET"}


def test_another_post_under_the_same_id_says_nothing():
    known = Instance([1, 2])
    known.posts["2"] = {"uri": FAR}
    with serving(known.answer) as server:
        told, ask, _, _ = look(server, [1, 2])
    assert (list(told), ask.reasons["not_resolved"]) == (["1"], 1)


def test_a_rate_limit_is_waited_for():
    spent = iter([Reply(b"", 429, {"retry-after": "120"})])
    with serving(Instance([1], answer=lambda asked: next(spent, None)).answer) as server:
        told, _, _, time = look(server, [1])
    assert not told["1"].gone and sum(time.slept) >= 120


odd = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.none(), max_size=2)


@given(st.dictionaries(st.sampled_from(sorted(status(1))), odd, max_size=5))
def test_no_status_can_break_it_nor_be_gone_without_a_reason(changed):
    server, ask = _instance_again.Server("https://ici.example", None), Ask(now=NOW)
    read = _instance_again._read(status(1) | changed, "https://ici.example/statuses/1", server, ask)
    refused = {"noindex", "not_indexable", "not_public"} & ask.reasons.keys()
    assert read is None if ask.reasons["not_resolved"] else read.gone == bool(refused)
