"""GDELT's answers, hand-made in the shapes its documentation and users report."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.collect import Ask, gdelt
from pipeline.errors import PipelineError, RateLimitedError, SchemaError, UnavailableError
from pipeline.model import Query, Window
from tests.collect.loopback import Reply, Time, serving
from tests.collect.replay_gdelt import article

WINDOW = Window.night(date(2026, 1, 12))
NOW = WINDOW.end + timedelta(hours=4)
QUERIES = [Query("just-dijon", ("Dijon", "Chenôve"))]


def read(answer, queries=QUERIES):
    time = Time()
    with serving(answer) as server:
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=time.pace)
        try:
            return list(gdelt.posts(WINDOW, queries, ask)), ask, time, server.asked
        except PipelineError as error:
            return error, ask, time, server.asked


def saying(text, **headers):
    return lambda asked: Reply(text.encode(), headers={"content-type": "text/html"} | headers)


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ("Please limit requests to one every 5 seconds", RateLimitedError, 2),
        ("Your query was too short or too long.", SchemaError, 3),  # together, then each of two phrases alone
        ("The specified phrase is too short.", SchemaError, 3),
        ("", UnavailableError, 2),
        ("Timeout", UnavailableError, 2),
        ('{"articles": [', UnavailableError, 2),
    ],
)
def test_an_error_in_plain_text_is_an_error(text, kind, asked):
    error, ask, time, _ = read(saying(text))
    assert type(error) is kind
    assert ask.asked == asked
    assert sum(time.slept) >= 5 * (asked - 1)


def test_a_phrase_that_is_refused_costs_its_brand_alone(caplog):
    """Five brands, one of whose phrases GDELT refuses, whatever it stands beside."""
    quiet = [Query(f"ville-{n}", (f"Ville numéro {n} {'loin ' * 9}".strip(),)) for n in range(3)]
    queries = [*QUERIES, Query("is", ("Is-sur",)), *quiet]

    def answer(asked):
        if '"Is-sur"' in asked.query["query"]:
            return Reply(b"The specified phrase is too short.", headers={"content-type": "text/html"})
        found = [article(1)] if '"Dijon"' in asked.query["query"] else []
        return Reply(json.dumps({"articles": found}).encode())

    posts, ask, _, asked = read(answer, queries)
    assert [post.post_id for post in posts] == ["https://www.presse.example/1"]
    assert (ask.truncated, ask.cut, ask.broken) == (True, {"is"}, {"is"})
    assert ask.reasons["question_refused"] == 1
    assert "for is is lost: SchemaError" in caplog.text
    questions = [one.query["query"] for one in asked]
    assert all(any(query.terms[0] in question for question in questions) for query in quiet)


def test_words_too_short_to_be_asked_are_counted():
    _, ask, _, asked = read(saying("{}"), [Query("dijon", ("Dijon", "21", "Y"))])
    assert (ask.reasons, len(asked)) == ({"hint:word_too_short": 2}, 1)
    assert not ask.truncated


def test_nothing_found_is_nothing():
    assert read(saying("{}"))[0] == []


def test_the_question_is_one_for_all_words():
    posts, _ask, _, asked = read(saying(json.dumps({"articles": [article(1)]})))
    (one,) = asked
    assert one.query["query"] == '("Chenôve" OR "Dijon") sourcecountry:FR'
    assert one.query["startdatetime"] == "20260111230000"
    assert one.query["enddatetime"] == "20260112225959"
    assert (posts[0].kind, posts[0].author_handle, posts[0].url) == (
        "article",
        "presse.example",
        "https://www.presse.example/1",
    )


def test_an_answer_that_is_full_is_asked_in_halves_five_seconds_apart():
    """A day with an article every 4 minutes: 360, more than one answer holds."""
    moments = [WINDOW.start + timedelta(minutes=4 * n) for n in range(360)]

    def answer(asked):
        start, end = (
            datetime.strptime(asked.query[n], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            for n in ("startdatetime", "enddatetime")
        )
        inside = [m for m in moments if start <= m <= end][:250]
        articles = [article(f"{m:%H%M}", seendate=f"{m:%Y%m%dT%H%M%SZ}") for m in inside]
        return Reply(json.dumps({"articles": articles}).encode())

    posts, ask, time, _ = read(answer)
    assert len(posts) == 360
    assert (ask.asked, ask.truncated, time.slept) == (3, False, [5, 5])


def test_an_hour_that_is_full_is_truncated():
    full = [article(n, seendate="20260112T101500Z") for n in range(250)]
    posts, ask, _, _ = read(saying(json.dumps({"articles": full})))
    assert len(posts) == 250
    assert ask.truncated
    assert ask.reasons["hint:more_than_250"] > 0
    assert ask.asked < 64


def test_control_characters_in_a_title_are_no_loss():
    told = json.dumps({"articles": [article(1)]}).replace(" , ", " \x01\t")
    posts, *_ = read(saying(told))
    assert len(posts) == 1


def test_check_answers_in_a_line():
    with serving(saying("{}")) as server:
        assert gdelt.check(Ask(now=NOW, base_url=server.base, pace=Time().pace)) == "answers"
    with serving(saying("limit requests")) as server:
        assert "overloaded" in gdelt.check(Ask(now=NOW, base_url=server.base, pace=Time().pace))
