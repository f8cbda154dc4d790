"""Reddit through PRAW: what is read, what is refused, and that time, retries and limits are ours."""

import json
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import praw.config
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Again, Ask, Mend, _reddit_walk, reddit
from pipeline.collect._purse import Cost
from pipeline.errors import (
    BudgetError,
    ConfigError,
    CredentialError,
    GoneError,
    PipelineError,
    RateLimitedError,
    SchemaError,
    UnavailableError,
)
from pipeline.model import Query
from tests.collect import replay_reddit as replay
from tests.collect.loopback import Reply, Time, serving

NOW = datetime(2026, 1, 13, 3, 0, tzinfo=UTC)
QUERIES = [Query("just-dijon", ("Just Dijon", "Dijon"), ("JustDijon",))]
SETTINGS = replay.settings(None)
ALONE = {name: value for name, value in SETTINGS.items() if "SUBREDDITS" not in name}


@pytest.fixture(autouse=True)
def nobody_else_sleeps(monkeypatch):
    """prawcore and PRAW sleep by `time.sleep`; ours goes through the pace."""

    def slept(seconds):
        pytest.fail(f"somebody slept {seconds} s by the clock")

    monkeypatch.setattr(time, "sleep", slept)


def night(answer=replay.answer, settings=SETTINGS, **told):
    """Posts, the error that ended it, the ask, what was asked, and the time."""
    with serving(answer) as server:
        passed, found, error = Time(), [], None
        ask = Ask(**{"now": NOW, "settings": settings, "base_url": server.base, "pace": passed.pace, **told})
        try:
            found.extend(reddit.posts(replay.WINDOW, QUERIES, ask))
        except PipelineError as failure:
            error = failure
        return found, error, ask, server.asked, passed


def told(child_or_listing):
    return Reply(json.dumps(child_or_listing).encode())


def with_search(*children, after=None, threads=None):
    """A Reddit whose search gives one page."""

    def answer(asked):
        if asked.path.strip("/").endswith("search"):
            return told(replay.listing(*children, after=after))
        if threads and asked.path.startswith("/comments"):
            return told(threads)
        return replay.answer(asked)

    return answer


def test_submissions_and_comments_are_read_whole():
    found, error, _, _, _ = night()
    assert error is None
    posts = {post.post_id: post for post in found}
    assert set(posts) == {"t3_aa", "t3_af", "t1_ca", "t1_cb", "t1_ce"}
    own, said = posts["t3_aa"], posts["t1_ca"]
    assert own.text == "Une soirée à Dijon aa\nLe lac Kir."
    assert own.url == "https://www.reddit.com/r/dijon/comments/aa/une_soiree/"
    assert (own.author_id, own.author_handle, own.kind) == ("t2_aa", "ici_aa", "post")
    assert (own.engagement.likes, own.engagement.replies, own.engagement.views) == (5, 3, None)
    assert said.text == "Just Dijon, vraiment ?\nvoir la page"
    assert (said.kind, said.in_reply_to, said.engagement) == ("reply", "t3_aa", None)
    assert (posts["t3_af"].kind, posts["t3_af"].quote_of) == ("quote", "t3_zy")


def test_who_asks_is_said_and_the_key_goes_to_the_token_only():
    _, _, _, asked, _ = night()
    token, *others = asked
    assert (token.method, token.body) == ("POST", b"grant_type=client_credentials")
    assert token.headers["authorization"].startswith("Basic ")
    assert {one.headers["authorization"] for one in others} == {"bearer jeton"}
    assert all("veille@example.org" in one.headers["user-agent"] for one in asked)


def test_what_is_asked_reaches_back_and_no_further():
    _, _, _, asked, _ = night()
    searches = [one for one in asked if "search" in one.path and "prive" not in one.path]
    assert {one.query["sort"] for one in searches if "limit" in one.query} == {"new"}
    assert {one.query["t"] for one in searches if "limit" in one.query} == {"week"}
    assert searches[0].query["restrict_sr"] == "false"
    assert [one.query["restrict_sr"] for one in searches if "dijon" in one.path] == ["true"]
    # The second page ends before the comments of three days can concern us: no third is asked.
    assert [one.query.get("after") for one in searches if one.path.startswith("/r/all")] == [None, "t3_ad"]


def test_a_closed_subreddit_is_asked_once(monkeypatch):
    many = [Query("just-dijon", ("Dijon", *(f"Rue numéro {n} de la ville" for n in range(40))))]
    monkeypatch.setitem(globals(), "QUERIES", many)
    questions = len(reddit.plan(many))
    _, error, ask, asked, _ = night()
    paths = Counter(one.path for one in asked)
    assert (questions > 2, error) == (True, None)
    assert paths["/r/dijon/search/"] == questions
    assert (paths["/r/prive/search/"], paths["/r/inconnu/search/"]) == (1, 1)
    assert (ask.reasons["subreddit_closed"], ask.reasons["subreddit_unknown"]) == (1, 1)
    assert ask.reasons["removed"] == 3


def test_a_praw_ini_in_the_folder_and_the_environment_say_nothing(monkeypatch, tmp_path):
    (tmp_path / "praw.ini").write_text("[DEFAULT]\nusername=someone\npassword=secret\nrefresh_token=r\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(praw.config.Config, "CONFIG", None)
    monkeypatch.setenv("praw_username", "another")
    found, error, _, asked, _ = night()
    assert (len(found), error) == (5, None)
    assert asked[0].body.startswith(b"grant_type=client_credentials")


@pytest.mark.parametrize("at", range(16))
@pytest.mark.parametrize("fault", [Reply(b"{}", 429, {"retry-after": "3"}), Reply(b"", 503)], ids=["429", "503"])
def test_a_fault_at_any_request_that_passes_loses_nothing(at, fault):
    truth, *_ = night()
    count = iter(range(1_000))
    found, error, _, _, passed = night(lambda asked: fault if next(count) == at else replay.answer(asked))
    assert (found, error) == (truth, None)
    assert max(passed.slept) > 0


def test_a_spent_limit_is_waited_for_by_our_own_clock():
    headers = {"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "what?", "x-ratelimit-reset": "240"}

    def answer(asked):
        reply = replay.answer(asked)
        return Reply(reply.body, reply.status, headers) if asked.path.startswith("/comments") else reply

    found, error, _, _, passed = night(answer)
    assert (len(found), error) == (5, None)
    assert sum(240 - 1 < seconds <= 240 for seconds in passed.slept) == 2


def test_the_timeout_is_really_applied():
    free = threading.Event()

    def hang(asked):
        free.wait(20)
        return Reply(b"{}")

    with serving(hang) as server:
        ask = Ask(now=NOW, settings=SETTINGS, base_url=server.base, timeout_s=0.2, pace=Time().pace)
        with pytest.raises(UnavailableError, match="Timeout"):
            list(reddit.posts(replay.WINDOW, QUERIES, ask))
        free.set()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, GoneError), (400, GoneError), (401, CredentialError), (403, CredentialError), (404, GoneError),
        (409, SchemaError), (413, SchemaError), (414, GoneError), (415, SchemaError), (429, RateLimitedError),
        (451, GoneError), (500, UnavailableError), (502, UnavailableError), (503, UnavailableError),
        (504, UnavailableError), (520, UnavailableError), (522, UnavailableError),
    ],
)  # fmt: skip
def test_every_status_prawcore_knows_is_an_error_of_our_tree(status, kind):
    def answer(asked):
        if asked.path.startswith("/api/v1"):
            return replay.answer(asked)
        if asked.path.startswith("/elsewhere"):
            return told(replay.listing())
        return Reply(b"{}", status, {"location": "/elsewhere", "retry-after": "2"})

    with serving(answer) as server:
        ask = Ask(now=NOW, settings=SETTINGS, base_url=server.base, pace=Time().pace)
        with pytest.raises(kind) as raised:
            list(reddit.again(["t3_aa"], ask))
    assert raised.type is kind
    assert "a-secret" not in str(raised.value)
    assert "jeton" not in str(raised.value)


@pytest.mark.parametrize("token", [{"error": "invalid_grant"}, {}, [], {"access_token": 3}, "x"])
def test_a_token_that_is_none_is_refused(token):
    _, error, _, _, _ = night(lambda asked: told(token))
    assert isinstance(error, CredentialError if "error" in token else UnavailableError)


def test_pages_without_end_are_left():
    found, error, ask, _, _ = night(with_search(replay.submission("aa"), after="t3_aa"), ALONE)
    assert ([post.post_id for post in found], error) == (["t3_aa"], None)
    assert ask.truncated
    assert ask.reasons["repeated_page"] == 1


def test_a_listing_that_ends_before_the_window_is_a_gap():
    def answer(asked):
        if not asked.path.strip("/").endswith("search"):
            return replay.answer(asked)
        first = [replay.submission(f"a{n}", hour=20) for n in range(3)]
        second = [replay.submission(f"b{n}", hour=19) for n in range(3)]
        return told(replay.listing(*second) if "after" in asked.query else replay.listing(*first, after="t3_a2"))

    found, _, ask, _, _ = night(answer, ALONE)
    assert len(found) == 6
    assert (ask.truncated, ask.reasons["hint:listing_end"]) == (True, 1)


def test_a_thread_that_cannot_be_read_costs_itself_only():
    threads = [replay.listing(), {"kind": "Listing", "data": {}}]
    children = (replay.submission("aa", num_comments=2), replay.submission("ab"))
    found, error, ask, _, _ = night(with_search(*children, threads=threads), ALONE)
    assert ([post.post_id for post in found], error) == (["t3_aa", "t3_ab"], None)
    assert (ask.truncated, ask.reasons["talk_lost"]) == (True, 1)


def test_replies_nested_without_end_do_no_harm():
    deep = '{"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {"id": "c", "replies": '
    threads = f'[{{"kind": "Listing", "data": {{"children": []}}}}, {deep * 3_000}""{"}}]}}" * 3_000}]'

    def answer(asked):
        reply = with_search(replay.submission("aa", num_comments=2))(asked)
        return Reply(threads.encode()) if asked.path.startswith("/comments") else reply

    found, error, ask, _, _ = night(answer, ALONE)
    assert [post.post_id for post in found] == ["t3_aa"]
    assert error or ask.truncated


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "author", "title", "body", "created_utc", "score", "num_comments", "edited", "data"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["t1", "t3"]))
def test_whatever_comes_is_a_post_or_counted(thing, kind):
    ask = Ask(now=NOW)
    things = [thing] if isinstance(thing, dict) else [{}]
    found = list(_reddit_walk._taken(things[0], kind, _reddit_walk.Night(replay.WINDOW, ask, None, None)))
    assert all(replay.WINDOW.holds(post.created_at) for post in found)
    assert len(found) + ask.skipped == 1 or _reddit_walk._created(things[0])


@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=60, unique=True))
def test_every_word_is_covered_and_no_question_is_too_long(words):
    planned = reddit.plan([Query("a", tuple(words[::2])), Query("b", tuple(words[1::2]))])
    assert all(len(one.text) <= 512 for one in planned)
    covered = {word for one in planned for word in one.covers}
    assert covered == {word for word in words if any(c.isalnum() or c in "-'’&." for c in word)}


def test_looking_again_tells_counts_and_what_is_gone():
    with serving(replay.answer) as server:
        ask = Ask(now=NOW, settings=SETTINGS, base_url=server.base, pace=Time().pace)
        seen = {one.post_id: one for one in reddit.again(["t3_aa", "t3_ab", "t3_ac", "t1_ca", "t1_zz"], ask)}
    assert [own for own, one in seen.items() if one.gone] == ["t3_ab", "t3_ac", "t1_zz"]
    assert (seen["t3_aa"].engagement.likes, seen["t3_aa"].engagement.replies) == (5, 3)
    assert (seen["t1_ca"].engagement.likes, seen["t1_ca"].engagement.replies) == (7, None)
    assert NOW <= seen["t3_aa"].engagement.observed_at < NOW + timedelta(minutes=1)


def test_looking_again_asks_a_hundred_at_a_time():
    def answer(asked):
        if asked.path.startswith("/api/v1"):
            return replay.answer(asked)
        return told(replay.listing(*(replay.submission(name[3:]) for name in asked.query["id"].split(","))))

    with serving(answer) as server:
        ask = Ask(now=NOW, settings=SETTINGS, base_url=server.base, pace=Time().pace)
        seen = list(reddit.again([f"t3_{n}" for n in range(250)], ask))
        calls = [len(one.query["id"].split(",")) for one in server.asked[1:]]
    assert (len(seen), calls) == (250, [100, 100, 50])
    assert not any(one.gone for one in seen)
    assert isinstance(seen[0], Again)


def test_an_empty_answer_deletes_nothing():
    empty = with_search()
    with serving(lambda asked: told(replay.listing()) if "info" in asked.path else empty(asked)) as server:
        ask = Ask(now=NOW, settings=SETTINGS, base_url=server.base, pace=Time().pace)
        with pytest.raises(UnavailableError, match="not believed"):
            list(reddit.again([f"t3_{n}" for n in range(50)], ask))


def test_an_answer_that_is_no_listing_deletes_nothing():
    with serving(lambda asked: replay.answer(asked) if "v1" in asked.path else Reply(b'{"data": 3}')) as server:
        ask = Ask(now=NOW, settings=SETTINGS, base_url=server.base, pace=Time().pace)
        with pytest.raises(UnavailableError):
            list(reddit.again(["t3_aa"], ask))


class Purse:
    """Pays for so many requests."""

    def __init__(self, requests):
        self.left, self.brands = requests, set()

    def take(self, cost, brands=()):
        if cost.requests > self.left:
            raise BudgetError("used up")
        assert cost == Cost(requests=1)
        self.left -= 1
        self.brands.add(tuple(brands))

    def give_back(self, cost, brands=()):
        self.left += cost.requests


def test_nothing_is_asked_that_is_not_paid_for():
    found, error, _, asked, passed = night(purse=Purse(2))
    assert isinstance(error, BudgetError)
    assert len(asked) == 2
    assert sum(passed.slept) < 5
    assert [post.post_id for post in found] == ["t3_aa"]
    rich = Purse(100)
    night(purse=rich)
    assert rich.brands == {("just-dijon",)}


def checked(settings=SETTINGS, answer=replay.answer):
    with serving(answer) as server:
        return reddit.check(Ask(now=NOW, settings=settings, base_url=server.base, pace=Time().pace))


def test_check_says_what_to_mend():
    assert checked(ALONE) == "answers"
    assert not isinstance(checked(ALONE), Mend)
    lacking = checked({})
    assert isinstance(lacking, Mend)
    assert "RAYONNER_REDDIT_CLIENT_ID" in lacking
    assert "November 2025" in lacking
    closed = checked()
    assert isinstance(closed, Mend)
    assert closed.endswith("prive, inconnu")
    assert isinstance(checked(ALONE, lambda asked: Reply(b"{}", 401)), Mend)
    assert not isinstance(checked(ALONE, lambda asked: Reply(b"{}", 503)), Mend)


def test_a_name_that_is_no_subreddit_is_refused_before_anything_is_asked():
    ask = Ask(now=NOW, settings=SETTINGS | {"RAYONNER_REDDIT_SUBREDDITS": "a/../b"})
    with pytest.raises(ConfigError, match="no subreddit"):
        list(reddit.posts(replay.WINDOW, QUERIES, ask))
