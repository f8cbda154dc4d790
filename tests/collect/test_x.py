"""X's search read through tweepy, from a small server that answers as X does and as it should not."""

import json
import logging
from datetime import date, datetime, timedelta

import pytest

from pipeline.collect import Ask, Mend, x
from pipeline.errors import ConfigError, CredentialError, PipelineError, SchemaError, TermsError, UnavailableError
from pipeline.model import Query, Window
from tests.collect import replay_x
from tests.collect.loopback import Reply, Time, serving
from tests.collect.replay_x import WINDOW, page, post
from tests.collect.test_archive_x import renamed

NOW = WINDOW.end + timedelta(hours=4)
QUERIES = [Query("just-dijon", ("Dijon",), ("JustDijon",))]
DECLARED = replay_x.settings(None)
ARCHIVE = DECLARED | {"RAYONNER_X_PLAN": "pay-per-use-archive"}


def said(found):
    return Reply(json.dumps(found).encode())


def read(answer, window=WINDOW, queries=QUERIES, settings=DECLARED, **how):
    """The posts or the error, the ask, the requests."""
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=settings, base_url=server.base, timeout_s=2.0, pace=Time().pace, **how)
        found = []
        try:
            found.extend(x.posts(window, queries, ask))
        except PipelineError as error:
            return error, ask, server.asked
        return found, ask, server.asked


def test_a_post_comes_with_its_author_and_what_it_answers():
    posts, ask, asked = read(lambda asked: said(replay_x.NEWEST | {"meta": {}}))
    first, second = posts
    assert (first.source, first.post_id, first.text) == ("x", "2060000000000000009", "Dijon #JustDijon 9")
    assert (first.author_id, first.author_handle, first.author_followers, first.author_place) == (
        "7",
        "ici",
        55,
        "Dijon",
    )
    assert (second.kind, second.quote_of, second.author_followers) == ("quote", "2050000000000000001", 3)
    assert first.engagement.observed_at == first.seen_at == NOW
    assert (first.engagement.likes, first.engagement.reposts, first.engagement.views) == (3, 1, 120)
    assert (ask.fetched, len(asked)) == (2, 1)


def test_the_night_is_asked_for_as_x_wants_it():
    _, _, (one,) = read(lambda asked: said(page()))
    assert one.path == "/2/tweets/search/recent"
    assert one.query["query"] == '(#JustDijon OR "Dijon") lang:fr'
    assert (one.query["start_time"], one.query["end_time"]) == ("2026-05-29T22:00:00Z", "2026-05-30T22:00:00Z")
    assert (one.query["max_results"], one.query["expansions"]) == ("100", "author_id")
    assert {"public_metrics", "referenced_tweets", "note_tweet", "withheld"} <= set(
        one.query["tweet.fields"].split(",")
    )
    assert one.query["user.fields"] == "username,location,public_metrics"
    assert one.headers["user-agent"].startswith("rayonner/")


def test_the_archive_is_asked_for_under_its_plan():
    window = Window.night(date(2021, 9, 22))
    old = post(1, created_at="2021-09-22T16:37:29.000Z")
    (found,), ask, (one,) = read(lambda asked: said(page(old)), window, settings=ARCHIVE)
    assert (one.path, one.query["max_results"], ask.truncated) == ("/2/tweets/search/all", "500", False)
    assert found.created_at.year == 2021


def test_posts_are_asked_for_and_read_in_both_vocabularies():
    old, _, (asked_old,) = read(lambda asked: said(replay_x.OLDER))
    new, _, (asked_new,) = read(
        lambda asked: said(renamed(replay_x.OLDER)), settings=DECLARED | {"RAYONNER_X_WORDS": "post"}
    )
    assert old == new
    assert old
    assert {"tweet.fields", "post.fields"} & set(asked_old.query) == {"tweet.fields"}
    assert {"tweet.fields", "post.fields"} & set(asked_new.query) == {"post.fields"}
    fields = set(asked_new.query["post.fields"].split(","))
    assert {"referenced_posts", "note_post", "edit_history_post_ids"} <= fields
    assert not any("tweet" in field for field in fields)
    assert asked_new.query["query"] == asked_old.query["query"]


@pytest.mark.parametrize(("words", "tokens"), [("same", ["", "same"]), ("new", None)])
def test_pages_that_never_end_stop(words, tokens):
    number = iter(range(10**6))

    def answer(asked):
        one = next(number)
        return said(page(post(one), token="same" if words == "same" else f"t{one}"))

    posts, ask, asked = read(answer)
    assert ask.truncated
    assert ask.reasons["repeated_cursor" if tokens else "endless_pages"] == 1
    assert len(posts) == len(asked) == (2 if tokens else 200)
    if tokens:
        assert [one.query.get("next_token", "") for one in asked] == tokens


def test_the_same_page_twice_stops():
    _, ask, asked = read(lambda asked: said(page(post(1), token=f"t{len(asked.query)}{asked.query.get('next_token')}")))
    assert (ask.reasons["repeated_page"], ask.truncated, len(asked)) == (1, True, 2)


TROUBLE = {"errors": [{"title": "Service Unavailable", "type": "about:blank", "status": 503}]}


@pytest.mark.parametrize("trouble", [TROUBLE, {}, {"data": None}, [], "no", {"data": "no"}, {"errors": "no"}])
def test_an_answer_of_errors_alone_is_trouble_and_tried_again(trouble):
    error, ask, _ = read(lambda asked: said(trouble))
    assert (type(error), ask.asked) == (UnavailableError, 4)
    left = [said(trouble), said(page(post(1)))]
    posts, ask, _ = read(lambda asked: left.pop(0))
    assert (len(posts), ask.truncated) == (1, False)


def test_nothing_found_is_nothing():
    posts, ask, _ = read(lambda asked: said({"meta": {"result_count": 0}}))
    assert (posts, ask.truncated, dict(ask.reasons)) == ([], False, {})


@pytest.mark.parametrize(
    ("status", "cure"), [(401, "renew RAYONNER_X_BEARER"), (402, "no credit left"), (403, "compare RAYONNER_X_PLAN")]
)
@pytest.mark.parametrize("body", [b"{}", b"[]", b"", b"<html>", b'{"errors": "x"}'])
def test_a_refused_key_says_what_to_mend_and_is_asked_once(status, cure, body):
    error, ask, _ = read(lambda asked: Reply(body, status))
    assert type(error) is CredentialError
    assert (error.status, ask.asked) == (status, 1)
    assert cure in str(error)


def test_one_refused_question_does_not_cost_the_others():
    queries = [Query("a", ("Dijon",)), Query("b", ("Lille",))]
    posts, ask, _ = read(
        lambda asked: Reply(b"{}", 400) if "Dijon" in asked.query["query"] else said(page(post(1))), queries=queries
    )
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (1, True, {"question_refused": 1})
    error, *_ = read(lambda asked: Reply(b"{}", 400), queries=queries)
    assert type(error) is SchemaError


def test_no_brand_is_no_question():
    assert read(lambda asked: said({}), queries=[])[0] == []


def test_recent_search_reaches_seven_days_back():
    error, _, asked = read(lambda asked: said(page()), Window.night(date(2026, 5, 20)))
    assert (type(error), asked) == (ConfigError, [])
    assert "RAYONNER_X_PLAN" in str(error)
    _, ask, (one,) = read(lambda asked: said(page()), Window.night(date(2026, 5, 24)))
    assert (ask.truncated, ask.reasons["hint:out_of_reach"]) == (True, 1)
    assert datetime.fromisoformat(one.query["start_time"]) > NOW - timedelta(days=7)


def test_a_night_that_is_not_over_is_asked_so_far():
    _, ask, (one,) = read(lambda asked: said(page()), Window(NOW - timedelta(hours=2), NOW + timedelta(hours=2)))
    assert datetime.fromisoformat(one.query["end_time"]) < NOW
    assert ask.truncated


@pytest.mark.parametrize(
    ("settings", "cure"),
    [
        ({}, "set RAYONNER_X_PLAN"),
        ({"RAYONNER_X_PLAN": "basic"}, "pay-per-use, pay-per-use-archive, enterprise"),
        ({"RAYONNER_X_PLAN": "enterprise"}, "set RAYONNER_X_TERMS"),
        ({"RAYONNER_X_PLAN": "pay-per-use", "RAYONNER_X_TERMS": "public-readers-named"}, "need the plan enterprise"),
        ({"RAYONNER_X_PLAN": "enterprise", "RAYONNER_X_TERMS": "public-readers-named"}, "set RAYONNER_X_LAW"),
        (DECLARED | {"RAYONNER_X_LAW": "  yes "}, "set RAYONNER_X_LAW"),
    ],
)
def test_nothing_is_asked_before_plan_and_law_are_declared(settings, cure):
    settings = {"RAYONNER_X_BEARER": "SECRET"} | settings
    error, _, asked = read(lambda asked: said(page()), settings=settings)
    assert (type(error), asked) == (TermsError, [])
    assert cure in str(error)[:300], "the ledger keeps 300 characters"
    assert "names those readers to X" in str(error)
    assert "Enterprise" in str(error)
    with pytest.raises(TermsError):
        list(x.again(["1"], Ask(now=NOW, settings=settings)))
    with pytest.raises(TermsError):
        x.expected(WINDOW, QUERIES, Ask(now=NOW, settings=settings))
    assert isinstance(x.check(Ask(now=NOW, settings=settings)), Mend)


def test_a_public_reader_is_served_under_enterprise():
    settings = DECLARED | {"RAYONNER_X_PLAN": "enterprise", "RAYONNER_X_TERMS": "public-readers-named"}
    assert len(read(lambda asked: said(page(post(1))), settings=settings)[0]) == 1


@pytest.mark.parametrize("bearer", ["", "é", "a\nb"])
def test_a_key_that_can_be_none_is_not_sent(bearer):
    error, _, asked = read(lambda asked: said(page()), settings=DECLARED | {"RAYONNER_X_BEARER": bearer})
    assert (type(error), asked) == (CredentialError, [])


def test_words_that_x_does_not_speak_are_refused():
    error, *_ = read(lambda asked: said(page()), settings=DECLARED | {"RAYONNER_X_WORDS": "toot"})
    assert type(error) is ConfigError


@pytest.mark.parametrize("reply", [said(page(post(1))), Reply(b"{}", 401), Reply(b"{}", 500), Reply(b"<", 200)])
def test_neither_key_nor_text_is_ever_written(caplog, reply):
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "tweepy.client"):
        error, *_ = read(lambda asked: reply)
    written = caplog.text + str(error)
    assert "Making API request" in caplog.text, "tweepy logs at this level"
    assert "SECRET" not in written
    assert "JustDijon 1" not in caplog.text


def test_the_key_goes_to_no_other_host():
    with serving(lambda asked: said(page())) as elsewhere:
        error, _, asked = read(lambda asked: Reply(b"", 302, {"location": elsewhere.base + "/2/tweets/search/recent"}))
        assert elsewhere.asked == []
    assert isinstance(error, PipelineError)
    assert all(one.headers["authorization"] == "Bearer SECRET" for one in asked)


def test_a_limit_that_is_used_up_is_waited_for():
    reset = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()) + 600)}
    left = [Reply(json.dumps(page(post(1), token="t")).encode(), headers=reset), said(page(post(2)))]
    time = Time()
    with serving(lambda asked: left.pop(0)) as server:
        ask = Ask(now=NOW, settings=DECLARED, base_url=server.base, pace=time.pace)
        assert len(list(x.posts(WINDOW, QUERIES, ask))) == 2
    assert 590 <= sum(time.slept) <= 601


def test_the_archive_is_asked_once_a_second():
    time = Time()
    with serving(lambda asked: said(page(token=None if asked.query.get("next_token") else "t"))) as server:
        ask = Ask(now=NOW, settings=ARCHIVE, base_url=server.base, pace=time.pace)
        list(x.posts(WINDOW, QUERIES, ask))
    assert time.slept == [1.0]


def counts(*numbers, token=None, word="tweet_count"):
    days = [{"start": "s", "end": "e", word: number} for number in numbers]
    return {"data": days, "meta": {f"total_{word}": sum(numbers)} | ({"next_token": token} if token else {})}


def forecast(answer, queries=QUERIES, settings=DECLARED, **how):
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=settings, base_url=server.base, timeout_s=2.0, pace=Time().pace, **how)
        return x.expected(WINDOW, queries, ask), ask, server.asked


def test_posts_to_come_are_counted_by_brand():
    queries = [Query("a", ("Dijon",)), Query("b", ("Lille",)), Query("c", ("Lille",)), Query("d", ("Metz",))]

    def answer(asked):
        if "Metz" in asked.query["query"]:
            return Reply(b"{}", 400)
        return said(counts(3, 4) if "Dijon" in asked.query["query"] else counts(2, word="post_count"))

    found, _, asked = forecast(answer, queries)
    assert found == {"a": 7, "b": 2, "c": 2}
    assert len(asked) == 3
    assert {one.path for one in asked} == {"/2/tweets/counts/recent"}
    assert all(one.query["granularity"] == "day" for one in asked)


def test_counts_of_the_archive_have_pages():
    found, _, asked = forecast(
        lambda asked: said(counts(1) if asked.query.get("next_token") else counts(5, token="t")), settings=ARCHIVE
    )
    assert found == {"just-dijon": 6}
    assert {one.path for one in asked} == {"/2/tweets/counts/all"}


@pytest.mark.parametrize(("plan", "longest"), [("pay-per-use-archive", 512), ("enterprise", 4_096)])
def test_a_question_is_counted_within_the_length_that_counts_take(plan, longest):
    terms = tuple(f"Quartier {n} de Dijon" for n in range(30))
    settings = DECLARED | {"RAYONNER_X_PLAN": plan}
    found, _, asked = forecast(lambda asked: said(counts(1)), [Query("a", terms)], settings)
    assert max(len(one.query["query"]) for one in asked) <= longest
    assert found == {"a": len(asked)}
    assert (len(asked) == 1) == (longest == 4_096)


def second_look(answer, ids, **how):
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=DECLARED, base_url=server.base, timeout_s=2.0, pace=Time().pace, **how)
        return list(x.again(ids, ask)), ask, server.asked


def gone(post_id, kind="resource-not-found"):
    where = "resource_id" if kind == "resource-not-found" else "value"
    return {where: post_id, "type": f"https://api.twitter.com/2/problems/{kind}", "title": "x"}


def test_known_posts_are_looked_at_again_or_gone():
    found = {
        "data": [post(1), {"id": "2", "text": "t", "withheld": {"country_codes": ["FR"]}}, {"id": "3", "text": "t"}],
        "errors": [gone("4"), gone("5", "not-authorized-for-resource")],
    }
    first = str(2060000000000000001)
    told, _, (one,) = second_look(lambda asked: said(found), [first, "2", "3", "4", "5", "6"])
    assert {a.post_id for a in told if a.gone} == {"2", "4", "5", "6"}
    seen = {a.post_id: a.engagement for a in told if not a.gone}
    assert (seen[first].likes, seen[first].views, seen[first].observed_at) == (3, 120, NOW)
    assert seen["3"] is None
    assert one.query["ids"].split(",") == [first, "2", "3", "4", "5", "6"]
    assert one.query["tweet.fields"] == "public_metrics,withheld"


def test_posts_that_are_all_gone_are_an_answer():
    told, *_ = second_look(lambda asked: said({"errors": [gone("4"), gone("5")]}), ["4", "5"])
    assert [(one.post_id, one.gone) for one in told] == [("4", True), ("5", True)]


def test_an_answer_that_shows_none_of_many_deletes_nothing():
    with pytest.raises(UnavailableError, match="not believed"):
        second_look(lambda asked: said({"data": []}), [str(n) for n in range(1, 121)])


def test_trouble_is_not_taken_for_deletion():
    told, ask, _ = second_look(lambda asked: said({"data": [post(1)], **TROUBLE}), ["2060000000000000001", "7"])
    assert [(one.post_id, one.gone) for one in told] == [("2060000000000000001", False)]
    assert ask.reasons["hint:partial_errors"] == 1
    with pytest.raises(UnavailableError):
        second_look(lambda asked: said(TROUBLE), ["7"])


def test_known_posts_are_asked_for_a_hundred_at_a_time():
    ids = [str(n) for n in range(250)]
    answer = lambda asked: said({"data": [{"id": one} for one in asked.query["ids"].split(",")]})  # noqa: E731
    told, _, asked = second_look(answer, [*ids, "12", "at://x", "1" * 20, ""])
    assert [one.post_id for one in told] == ids
    assert [len(one.query["ids"].split(",")) for one in asked] == [100, 100, 50]


@pytest.mark.parametrize(
    ("reply", "line", "mend"),
    [
        (said(counts(3)), "answers; plan pay-per-use; declared law: RGPD art. 6-1 f", False),
        (Reply(b"{}", 401), "renew RAYONNER_X_BEARER", True),
        (Reply(b"{}", 402), "no credit left", True),
        (Reply(b"", 503), "nothing to mend", False),
        (Reply(b"{}", 429), "nothing to mend", False),
    ],
)
def test_check_answers_in_a_line_with_one_request(reply, line, mend):
    with serving(lambda asked: reply) as server:
        told = x.check(Ask(now=NOW, settings=DECLARED, base_url=server.base, pace=Time().pace))
        assert len(server.asked) == 1
    assert line in told
    assert isinstance(told, Mend) is mend
    assert "\n" not in told


def test_terms_are_code():
    assert (x.LEGAL.show_text, x.LEGAL.show_link, x.LEGAL.delete_within_hours) == (False, True, 24)
