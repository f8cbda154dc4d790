"""The source `bluesky` on its replay: what stands at the end of a night, on both wires, and when a post counts."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import match
from pipeline.brands import catalogue
from pipeline.collect import Again, Ask, Gone, bluesky
from pipeline.collect._bluesky_times import LATE, NEAR, counted_at, first_indexed, first_seen, written_at
from pipeline.collect._plan import phrase, words
from pipeline.errors import ConfigError, CredentialError, UnavailableError
from pipeline.model import Query, Window
from pipeline.settings import ROOT
from tests.collect import replay_bluesky as replay
from tests.collect.loopback import Reply, Time, serving
from tests.collect.test_plan import covered, queries

WINDOW = replay.WINDOW
NOW = WINDOW.end + timedelta(hours=3)
DIJON = [Query("just-dijon", ("Just Dijon", "Dijon"), ("JustDijon",))]
LOGIN = {"RAYONNER_BLUESKY_HANDLE": "ville.bsky.social", "RAYONNER_BLUESKY_PASSWORD": "abcd-efgh"}


def read(answer=replay.answer, window=WINDOW, **other):
    """The posts by the last part of their address, and the ask."""
    with serving(answer) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=Time().pace, plausible=speaks, **other)
        found = {post.post_id.rpartition("/")[2]: post for post in bluesky.posts(window, DIJON, ask)}
        ask.asked = [(asked.path.rpartition(".")[2], asked) for asked in server.asked]
    return found, ask


def speaks(text):
    return "dijon" in text.lower()


def test_what_stands_at_the_end_of_the_night():
    found, ask = read()
    assert list(found) == [
        *("plain", "tagged", "reply", "quote", "starter", "edited", "year-one", "future", "before", "late")
    ]
    assert not ask.truncated
    assert found["edited"].text == "Dijon, version corrigée"
    assert found["tagged"].hashtags == ("JustDijon", "Bourgogne")
    assert found["reply"].kind == "reply"
    assert found["reply"].in_reply_to == "at://did:plc:ville/app.bsky.feed.post/plain"
    assert (found["quote"].kind, found["quote"].quote_of) == ("quote", found["plain"].post_id)
    assert (found["starter"].kind, found["starter"].quote_of) == ("post", None)
    assert found["plain"].url == "https://bsky.app/profile/did:plc:ville/post/plain"
    assert found["plain"].lang_hint == "fr"
    assert ask.reasons["edited_out"] == 1


def test_both_wires_tell_the_same_posts():
    new, asked_new = read()
    old, asked_old = read(settings={"RAYONNER_BLUESKY_PATH": "old"})
    assert new == old
    assert asked_new.gone == asked_old.gone
    assert asked_old.asked[0][0] == "/subscribe"


def test_a_server_without_the_new_path_is_asked_by_the_old_one():
    def answer(asked):
        return Reply(b"no", 404) if "subscribeEvents" in asked.path else replay.answer(asked)

    found, ask = read(answer)
    assert found == read()[0]
    assert ask.reasons["hint:old_path"] == 1


def test_deletions_are_told_and_leave_nothing_behind():
    found, ask = read()
    assert not {"gone", "leaver1", "leaver2", "hidden", "changed"} & set(found)
    assert ask.gone == [
        Gone(post_id="at://did:plc:ville/app.bsky.feed.post/gone", at=replay.at(7, 1)),
        Gone(author_id="did:plc:leaver", at=replay.at(12)),
    ]


def test_dates_that_lie_are_counted_where_the_network_saw_them():
    found, _ = read()
    assert found["year-one"].created_at == found["year-one"].seen_at == replay.at(10)
    assert found["future"].created_at == replay.at(10, 1)
    assert found["before"].created_at == replay.at(10, 2)
    assert (found["late"].created_at, found["late"].seen_at) == (replay.at(23, 50), replay.at(24, 20))


def test_counts_come_in_one_call_of_posts_and_one_of_accounts():
    found, ask = read()
    assert {post.engagement.likes for post in found.values()} == {3}
    assert {post.author_followers for post in found.values()} == {1200}
    assert {post.author_handle for post in found.values()} == {"ville.bsky.social"}
    assert all(post.engagement.observed_at == NOW for post in found.values())
    assert [path for path, _ in ask.asked][-2:] == ["getPosts", "getProfiles"]


def test_posts_without_counts_are_posts():
    def answer(asked):
        return Reply(b"", 503) if "/app.bsky." in asked.path else replay.answer(asked)

    found, ask = read(answer)
    assert set(read()[0]) < set(found)  # who opted out cannot be known either
    assert {(post.engagement, post.author_followers) for post in found.values()} == {(None, None)}
    assert ask.reasons["hint:counts_lost"] == 2


def test_a_night_whose_requests_end_with_the_counts_lacks_no_post(monkeypatch):
    monkeypatch.setattr(bluesky, "POLICY", replace(bluesky.POLICY, most_requests=2))  # the dictionary and the stream
    found, ask = read()
    assert len(found) == len(read()[0]) > 0
    assert not ask.truncated
    assert ask.reasons["hint:counts_lost"] == 2


def test_counts_are_asked_twenty_five_at_a_time():
    def night(wire):
        told = [replay.commit(wire, replay.at(1, n // 60, n % 60), f"n{n}") for n in range(60)]
        return [*told, replay.account(wire, replay.at(26), "did:plc:ville")]

    found, ask = read(lambda asked: replay.answer(asked, night), window=WINDOW)
    assert len(found) == 60
    assert [path for path, _ in ask.asked].count("getPosts") == 3
    assert [path for path, _ in ask.asked].count("getProfiles") == 1


def test_an_open_night_is_read_up_to_now_and_partial():
    with serving(replay.answer) as server:
        ask = Ask(now=replay.at(5, 30), base_url=server.base, timeout_s=2.0, pace=Time().pace)
        found = list(bluesky.posts(WINDOW, DIJON, ask))
    assert [post.post_id.rpartition("/")[2] for post in found][-1] == "starter"
    assert ask.truncated
    assert ask.reasons["hint:open_window"] == 1


# When a post counts

NIGHTS = [Window.night((WINDOW.start + timedelta(days=n, hours=12)).date()) for n in range(-3, 5)]
moments = st.integers(0, 4 * 86_400_000_000).map(
    lambda n: datetime(2026, 1, 11, tzinfo=UTC) + timedelta(microseconds=n)
)


@given(st.none() | moments | st.datetimes().map(lambda at: at.replace(tzinfo=UTC)), moments)
def test_a_post_counts_in_exactly_one_night(created, seen):
    counted = [(night, at) for night in NIGHTS if (at := counted_at(created, seen, night))]
    assert len(counted) == 1
    night, at = counted[0]
    assert night.holds(at)
    assert at <= seen
    assert seen < night.end + LATE  # whoever reads a night and LATE more has every post of it
    assert at == seen or seen - at <= NEAR


def tid(moment):
    number = ((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)) << 10
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[number >> shift & 31] for shift in range(60, -1, -5))


@given(moments)
def test_a_key_says_when_it_was_made(made):
    assert written_at(tid(made)) == made


@pytest.mark.parametrize("key", ["self", "", "zzzzzzzzzzzzz", "3l3qo2vuowo2", "0l3qo2vuowo2b"])
def test_another_key_says_nothing(key):
    assert written_at(key) is None


def test_old_posts_that_are_sent_again_stay_in_their_past():
    past, now = replay.at(-900), replay.at(5)
    assert first_seen(past, tid(past), now) == past
    assert first_seen(None, tid(past), now) == past
    assert first_seen(now, tid(past), now) == now  # an old key under a new post proves nothing
    assert first_seen(past, "key", now) == now
    assert first_seen(past, tid(now), now) == now
    assert first_indexed(tid(now), past, NOW) == now  # the AppView shows a backdated post as indexed then
    assert first_indexed(tid(NOW + timedelta(days=9)), past, NOW) == past


# The plan, the second look, the check


@given(queries)
def test_the_search_is_asked_for_every_word(asked):
    planned = bluesky.plan(asked)
    assert all(0 < len(one.text) <= 202 for one in planned)
    assert len({one.text for one in planned}) == len(planned)
    for query in asked:
        assert {word for word in words(query) if phrase(word)} <= covered(planned, query.brand)


def test_known_posts_are_looked_at_again():
    ids = [f"at://did:plc:ville/{replay.POSTS}/n{n}" for n in range(30)]

    def answer(asked):
        said = json.loads(replay.answer(asked).body)
        return Reply(replay.packed({"posts": [view for view in said["posts"] if not view["uri"].endswith("/n7")]}))

    with serving(answer) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=Time().pace)
        seen = list(bluesky.again([*ids, "x/1"], ask))
    assert [one.post_id for one in seen] == ids
    assert [one.post_id for one in seen if one.gone] == [ids[7]]
    assert Again(ids[7], None, gone=True) in seen
    assert {one.engagement.likes for one in seen if not one.gone} == {3}
    assert ask.asked == 2


@pytest.mark.parametrize("said", [b"{}", b'{"posts": null}', b"[]", b""])
def test_an_answer_without_posts_does_not_call_them_gone(said):
    with serving(lambda asked: Reply(said)) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=Time().pace)
        with pytest.raises(UnavailableError):
            list(bluesky.again([f"at://did:plc:ville/{replay.POSTS}/1"], ask))


def test_an_answer_that_shows_none_of_many_deletes_nothing():
    with serving(lambda asked: Reply(b'{"posts": []}')) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=Time().pace)
        with pytest.raises(UnavailableError, match="not believed"):
            list(bluesky.again([f"at://did:plc:ville/{replay.POSTS}/{n}" for n in range(30)], ask))


def test_check_says_what_to_do():
    def answer(asked):
        if asked.path.endswith("createSession"):
            return Reply(b'{"error":"AuthenticationRequired"}', 401)
        return Reply(b'{"version":"1"}') if asked.path.endswith("_health") else replay.answer(asked)

    with serving(answer) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=Time().pace)
        told = bluesky.check(ask)
        assert told.startswith(f"{server.base[7:]} streams; counts can be read; no account")
        assert "set RAYONNER_BLUESKY_HANDLE and RAYONNER_BLUESKY_PASSWORD" in told
        refused = bluesky.check(replace(ask, settings=LOGIN))
    assert "the login was refused" in refused
    assert "abcd" not in refused


@pytest.mark.parametrize(
    "wrong",
    [
        {"RAYONNER_BLUESKY_PATH": "both"},
        {"RAYONNER_BLUESKY_COMPRESS": "perhaps"},
        {"RAYONNER_BLUESKY_JETSTREAM": "ftp://x"},
        {"RAYONNER_BLUESKY_LOOKBACK_HOURS": "a day", **LOGIN},
    ],
)
def test_a_wrong_setting_is_named(wrong):
    with pytest.raises(ConfigError, match="RAYONNER_BLUESKY"):
        read(settings=wrong)


# The search, by an account


def found_view(rkey, moment, text="Dijon cherchée", did="did:plc:ville"):
    told = {"$type": replay.POSTS, "text": text, "createdAt": replay.iso(moment)}
    return {"uri": f"at://{did}/{replay.POSTS}/{rkey}", "record": told, "indexedAt": replay.iso(moment)}


class Searched:
    """A service that logs in, searches two pages, and lets its token lapse as often as told."""

    def __init__(self, lapses=0, password="abcd-efgh", views=None):
        self.lapses, self.password, self.logins, self.renewed, self.told = lapses, password, 0, 0, []
        pages = [found_view(f"s{n}", replay.at(20) - timedelta(minutes=n)) for n in range(4)]
        self.views = views or [
            pages[:2],
            [*pages[2:], found_view("out", replay.at(-30)), found_view("no", replay.at(3), "Lyon")],
        ]

    def __call__(self, asked):
        name = asked.path.rpartition(".")[2]
        if name == "createSession":
            self.logins += 1
            right = json.loads(asked.body) == {"identifier": "ville.bsky.social", "password": self.password}
            return self.tokens() if right else Reply(b'{"error":"AuthenticationRequired"}', 401)
        if name == "refreshSession":
            self.renewed += 1
            return self.tokens()
        if name != "searchPosts":
            return replay.answer(asked)
        self.told.append(asked)
        if self.lapses:
            self.lapses -= 1
            return Reply(b'{"error":"ExpiredToken"}', 400)
        page = int(asked.query.get("cursor", 0))
        more = {"cursor": str(page + 1)} if page + 1 < len(self.views) else {}
        return Reply(replay.packed({"posts": self.views[page], **more}))

    def tokens(self):
        return Reply(replay.packed({"accessJwt": f"a{self.logins}{self.renewed}", "refreshJwt": "r"}))


OLD = {"RAYONNER_BLUESKY_LOOKBACK_HOURS": "1", **LOGIN}  # all of the night is older than the stream


def test_an_old_night_is_searched_for_with_one_login():
    service = Searched()
    found, ask = read(service, settings=OLD)
    assert list(found) == ["s0", "s1", "s2", "s3"]
    assert service.logins == 1
    assert ask.truncated
    assert ask.reasons["hint:searched"] == 1
    assert ask.reasons["outside_window"] == 2  # once for each question
    assert [asked.query["q"] for asked in service.told] == ["Dijon", "Dijon", "JustDijon", "JustDijon"]
    assert not any("subscribe" in asked.path for _, asked in ask.asked)


def test_a_token_that_lapsed_is_renewed_once():
    service = Searched(lapses=1)
    found, _ = read(service, settings=OLD)
    assert len(found) == 4
    assert (service.logins, service.renewed) == (1, 1)


def test_a_question_that_stays_refused_is_counted():
    _, ask = read(Searched(lapses=99), settings=OLD)
    assert ask.reasons["question_refused"] == 2


def test_a_wrong_password_asks_for_a_human_and_says_no_secret():
    with pytest.raises(CredentialError) as told:
        read(Searched(password="other"), settings=OLD)
    assert "abcd" not in str(told.value)
    assert "app password" in str(told.value)


def test_a_search_that_never_ends_is_cut_and_said():
    views = [[found_view(f"p{page}", replay.at(20) - timedelta(seconds=page))] for page in range(300)]
    found, ask = read(Searched(views=views), settings=OLD)
    assert ask.reasons["endless_pages"] == 2
    assert len(found) == 100


def test_what_the_stream_lost_is_searched_for():
    def night(wire):
        return [told for told in replay.night(wire) if b'"plain"' not in told and b'"tagged"' not in told][4:]

    service = Searched()

    def answer(asked):
        return service(asked) if "subscribe" not in asked.path else replay.answer(asked, night)

    found, ask = read(answer, settings=LOGIN)
    assert {"s0", "s1", "s2", "s3", "edited", "late"} <= set(found)
    assert ask.truncated
    assert ask.reasons["hint:stream_gap"] == 1


def test_the_gate_of_the_catalogue_loses_no_mention():
    """What the source lets through is all that the matcher would find."""
    matcher = match.compile_catalogue(catalogue("brands", ROOT / "brands"))
    texts = ["Week-end à Dijon 🥐", "Rien", "#JustDijon\nle #retour", "la haute-marne respire et inspire", "Troyes ?"]

    def night(wire):
        told = [replay.commit(wire, replay.at(2, n), f"t{n}", text=text) for n, text in enumerate(texts)]
        return [*told, replay.account(wire, replay.at(26), "did:plc:ville")]

    with serving(lambda asked: replay.answer(asked, night)) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=Time().pace, plausible=matcher.touches)
        found = [post.text for post in bluesky.posts(WINDOW, DIJON, ask)]
    assert found == [text for text in texts if matcher.touches(text)]
    assert {text for text in texts if matcher.mentions(text)} <= set(found)
