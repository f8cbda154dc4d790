"""One status read without trust, and what servers may let be read."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Ask, _fediverse, mastodon
from pipeline.collect._html import MAX_HTML, plain
from pipeline.errors import ConfigError, CredentialError, MalformedError
from pipeline.model import Query, Window
from tests.collect.loopback import Reply, Time, serving
from tests.collect.replay_mastodon import WINDOW, status

NOW = datetime(2026, 1, 13, 4, 0, tzinfo=UTC)
QUERIES = [Query("just-dijon", ("Dijon",))]


def read(answer, window=WINDOW, **settings):
    time = Time()
    with serving(answer) as server:
        host = server.base.removeprefix("http://")
        settings = {name: value.replace("HOST", host) for name, value in settings.items()}
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=time.pace, settings=settings)
        return list(mastodon.posts(window, QUERIES, ask)), ask, server.asked


def answering(timelines=None, statuses=(), found=None):
    feeds = {"configuration": {"timelines_access": {"hashtag_feeds": timelines}}} if timelines else {}

    def answer(asked):
        if asked.path == "/api/v2/instance":
            return Reply(json.dumps(feeds).encode())
        if asked.path == "/api/v2/search":
            return Reply(json.dumps(found).encode())
        return Reply(json.dumps(list(statuses)).encode())

    return answer


def test_a_closed_server_is_no_silence():
    closed = {"local": "disabled", "remote": "disabled"}
    with pytest.raises(CredentialError, match="without a token"):
        read(answering(closed))


def test_a_server_for_members_is_open_to_a_token():
    posts, _ask, asked = read(
        answering({"local": "authenticated", "remote": "authenticated"}, [status(1)], {"statuses": [status(1)]}),
        RAYONNER_MASTODON_TOKENS="HOST=SECRET",
    )
    assert len(posts) == 1
    assert {one.headers["authorization"] for one in asked} == {"Bearer SECRET"}
    assert [one.query["q"] for one in asked if one.path == "/api/v2/search"] == [
        '"Dijon" after:2026-01-10 before:2026-01-13'
    ]


def test_a_server_that_shows_only_its_own_people_is_asked_for_those():
    _, ask, asked = read(answering({"local": "public", "remote": "disabled"}, [status(1)]))
    assert asked[-1].query["local"] == "true"
    assert ask.reasons["hint:local_only"] == 1


def test_search_that_answers_null_or_turns_in_circles_ends():
    token = {"RAYONNER_MASTODON_TOKENS": "HOST=SECRET"}
    assert read(answering(found={"statuses": None, "accounts": None}), **token)[0] == []
    full = {"statuses": [status(n) for n in range(40)]}
    posts, ask, _ = read(answering(found=full), **token)
    assert len(posts) == 40
    assert (ask.truncated, ask.reasons["repeated_page"]) == (True, 1)


def test_a_compatible_server_without_link_header_is_walked_by_ids():
    def answer(asked):
        if asked.path == "/api/v2/instance":
            return Reply(b"{}", 404)
        below = int(asked.query.get("max_id", "50"))
        page = [status(n) for n in range(below - 1, max(below - 21, 0), -1)]
        return Reply(json.dumps(page).encode())

    posts, ask, _ = read(answer)
    assert len(posts) == 49
    assert not ask.truncated


def test_days_are_skipped_in_one_step_where_ids_allow_it():
    def made(moment):
        return status(int(moment.timestamp() * 1000) << 16, created_at=moment.isoformat())

    every = [made(NOW + timedelta(days=20) - timedelta(hours=n)) for n in range(24 * 25)]

    def answer(asked):
        if asked.path == "/api/v2/instance":
            return Reply(b"{}")
        below = int(asked.query.get("max_id", 1 << 62))
        page = [one for one in every if int(one["id"]) < below][:40]
        link = f'<http://x/?max_id={page[-1]["id"]}>; rel="next"' if page else ""
        return Reply(json.dumps(page).encode(), headers={"link": link})

    time = Time()
    with serving(answer) as server:
        ask = Ask(now=NOW + timedelta(days=21), base_url=server.base, pace=time.pace)
        posts = list(mastodon.posts(WINDOW, QUERIES, ask))
    assert len(posts) == 24
    assert ask.asked <= 4
    assert json.loads(ask.cursor)[server.base[7:]]["dijon"] == every[0]["id"]


def test_without_the_sources_own_ids_nothing_is_skipped():
    far = [NOW + timedelta(days=9)] * 2
    assert _fediverse.leap([status(2), status(1)], far, NOW) is None
    assert _fediverse.leap([{"id": "AbC"}, {"id": None}], far, NOW) is None


def ask():
    return Ask(now=NOW)


def test_the_same_person_and_post_are_known_from_every_server():
    here = _fediverse.post(status(1, account={"acct": "Ici"}), "ici.example", ask())
    there = _fediverse.post(status(1, account={"acct": "Ici@ici.example"}) | {"id": "999"}, "autre.example", ask())
    assert (here.post_id, here.author_id) == (there.post_id, there.author_id)
    assert here.author_handle == "ici@ici.example"


def test_boosts_quotes_replies_and_warnings_are_understood():
    boost = _fediverse.post(status(2, content="", reblog=status(1)), "h", ask())
    assert (boost.kind, boost.repost_of, boost.text) == (
        "repost",
        "https://ici.example/statuses/1",
        "Dijon #JustDijon 1",
    )
    quoting = _fediverse.post(status(3, quote={"state": "accepted", "quoted_status": status(1)}), "h", ask())
    assert (quoting.kind, quoting.quote_of) == ("quote", "https://ici.example/statuses/1")
    revoked = _fediverse.post(status(3, quote={"state": "revoked", "quoted_status": None}), "h", ask())
    assert (revoked.kind, revoked.quote_of) == ("quote", None)
    reply = _fediverse.post(status(4, in_reply_to_id="1"), "h", ask())
    assert (reply.kind, reply.in_reply_to) == ("reply", "h/1")
    assert _fediverse.post(status(5, spoiler_text="Météo"), "h", ask()).text.startswith("Météo\n")
    assert _fediverse.post(status(6, uri=None), "h", ask()).post_id == "h/6"
    assert _fediverse.post(status(7, uri="x" * 600), "h", ask()).post_id == "h/7"


def test_a_boost_of_somebody_who_opted_out_is_left_out():
    with pytest.raises(MalformedError, match="noindex"):
        _fediverse.post(status(2, reblog=status(1, account={"noindex": True})), "h", ask())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(status(1))), inner, max_size=6),
    max_leaves=20,
)


@given(anything, st.dictionaries(st.sampled_from(sorted(status(1))), anything, max_size=4))
def test_no_status_can_break_it(odd, changed):
    for one in (odd, status(1) | changed):
        try:
            post = _fediverse.post(one, "h", ask())
        except MalformedError as refused:
            assert refused.reason
        else:
            assert post.created_at.tzinfo
            post.text.encode()


def test_posts_of_year_one_and_of_next_year_are_refused():
    for moment, reason in (("0001-01-01T00:00:00Z", "date_too_early"), ("2027-01-01T00:00:00Z", "date_in_future")):
        with pytest.raises(MalformedError) as told:
            _fediverse.post(status(1, created_at=moment), "h", ask())
        assert told.value.reason == reason


@given(st.text())
def test_any_text_survives_html(text):
    plain(text)


def test_html_becomes_what_a_reader_sees():
    html = (
        '<p class="quote-inline">RE: <a href="x">ailleurs</a></p><p>Été &amp; <b>hiver</b><br>à 1 &lt; 2'
        '</p><ul><li>un<li>deux</ul><script>alert("x")</script><a href="https://e.fr"><span class="invisible">'
        "https://</span>e.fr</a> 3 < 4 \u200f\u202eعربي"
    )
    assert plain(html) == "Été & hiver\nà 1 < 2\nun\ndeux\nhttps://e.fr 3 < 4 \u200f\u202eعربي"
    assert len(plain("<p>" + "a" * 2_000_000)) <= MAX_HTML


def test_a_window_of_one_hour_takes_an_hour():
    window = Window(WINDOW.start + timedelta(hours=9), WINDOW.start + timedelta(hours=12))
    posts, *_ = read(answering(statuses=[status(n, hour=n) for n in range(20, 0, -1)]), window)
    assert [post.created_at.hour for post in posts] == [10, 9, 8]


def test_a_server_that_is_none_is_said_with_its_cure():
    ask = Ask(now=NOW, settings={"RAYONNER_MASTODON_INSTANCES": "mastodon.social, http://["})
    with pytest.raises(ConfigError, match="which is no server: write"):
        list(mastodon.posts(WINDOW, QUERIES, ask))


def test_a_server_that_sends_us_elsewhere_is_lost_and_the_others_are_read():
    away = Reply(b"", 302, {"location": "http://169.254.169.254/latest"})
    with serving(lambda asked: away) as bad, serving(answering(statuses=[status(1)])) as good:
        bases = f"{bad.base},{good.base}"
        ask = Ask(now=NOW, pace=Time().pace, settings={"RAYONNER_MASTODON_INSTANCES": bases})
        posts = list(mastodon.posts(WINDOW, QUERIES, ask))
    assert len(posts) == 1
    assert (ask.truncated, dict(ask.reasons), len(bad.asked)) == (True, {"server_lost": 1}, 1)
