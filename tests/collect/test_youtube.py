"""YouTube's lists read from a small server: the quota and its day, closed comments, what is followed how long."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import brands
from pipeline.collect import Ask, Cost, Mend, youtube
from pipeline.collect._plan import phrase, words
from pipeline.collect._youtube_api import until_reset
from pipeline.errors import (
    BudgetError,
    ConfigError,
    CredentialError,
    PipelineError,
    RateLimitedError,
    SchemaError,
    UnavailableError,
)
from pipeline.match import ownership
from pipeline.model import Brand, Query
from pipeline.settings import ROOT
from tests.collect import replay_youtube
from tests.collect.loopback import Reply, Time, serving
from tests.collect.purses import CountingPurse
from tests.collect.replay_youtube import WINDOW, comment, found, name, refused, thread, video

NOW = WINDOW.end + timedelta(hours=4)
QUERIES = [Query("just-dijon", ("Just Dijon", "Dijon"), ("JustDijon",))]
KEY = {"RAYONNER_YOUTUBE_KEY": "SECRET"}


def said(page):
    return Reply(json.dumps(page).encode())


def listed(*items, token=None):
    return said({"items": list(items)} | ({"nextPageToken": token} if token else {}))


def kind(asked):
    return asked.path.rpartition("/")[2]


def site(search=lambda asked: said(found(1)), videos=None, threads=lambda asked: listed()):
    """A server of four lists; videos are made as they are asked for unless told otherwise."""
    made = videos or (lambda asked: listed(*(video(int(one[5:])) for one in asked.query["id"].split(","))))
    named = lambda asked: listed({"id": "UCville", "snippet": {"customUrl": "@LaVille"}})  # noqa: E731
    answers = {"search": search, "videos": made, "channels": named, "commentThreads": threads}
    return lambda asked: answers[kind(asked)](asked)


def read(answer, queries=QUERIES, settings=KEY, **how):
    """The posts or the error, the ask, the requests."""
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=settings, base_url=server.base, timeout_s=2.0, pace=Time().pace, **how)
        posts = []
        try:
            posts.extend(youtube.posts(WINDOW, queries, ask))
        except PipelineError as error:
            return error, ask, server.asked
        return posts, ask, server.asked


def test_a_video_is_its_title_and_description_by_its_channel():
    (post,), _, asked = read(site())
    assert (post.source, post.post_id, post.kind) == ("youtube", name(1), "post")
    assert post.text == "Dijon en 1 minutes\n\nUne visite.\n#JustDijon"
    assert (post.author_id, post.author_handle, post.author_followers) == ("UCville", "@LaVille", None)
    assert post.url == f"https://www.youtube.com/watch?v={name(1)}"
    assert (post.engagement.views, post.engagement.likes, post.engagement.replies) == (120, 7, 2)
    assert post.engagement.observed_at == post.seen_at == NOW
    assert post.hashtags == ("JustDijon",)
    assert [kind(one) for one in asked] == ["search", "videos", "channels", "commentThreads"]


def test_the_night_is_asked_for_as_youtube_wants_it():
    _, _, (search, videos, channels, threads) = read(site())
    assert search.path == "/youtube/v3/search"
    assert search.query["q"] == '"JustDijon"|"Dijon"'
    assert (search.query["publishedAfter"], search.query["publishedBefore"]) == (
        "2026-05-29T22:00:00Z",
        "2026-05-30T22:00:00Z",
    )
    assert (search.query["type"], search.query["order"], search.query["maxResults"]) == ("video", "date", "50")
    assert (videos.query["part"], videos.query["id"]) == ("snippet,statistics", name(1))
    assert (channels.query["part"], channels.query["id"]) == ("snippet", "UCville")
    assert (threads.query["videoId"], threads.query["order"]) == (name(1), "time")


def test_a_channel_is_named_once_a_night_and_known_to_its_brand():
    brand = Brand("dijon", "Dijon", "Dijon", None, "commune", owned=("youtube:@laville",))
    posts, _, asked = read(
        site(search=lambda asked: said(found(1, 2) if asked.query.get("pageToken") else found(3, token="t")))
    )
    assert [kind(one) for one in asked].count("channels") == 1
    assert {ownership(brand, post) for post in posts} == {"owned"}


def test_a_commenter_who_shows_a_handle_has_it():
    told = site(threads=lambda asked: listed(thread(comment("a", authorDisplayName="@quelquun"), 1)))
    (_, post), *_ = read(told)
    assert (post.author_id, post.author_handle) == ("UCa", "@quelquun")


def test_a_comment_answers_its_video_and_a_reply_its_comment():
    reply = comment("r", hour=21, parentId="UgaAaABAg")
    told = site(threads=lambda asked: listed(thread(comment("a"), 1, reply, total=4)))
    (_, top, below), *_ = read(told)
    assert (top.kind, top.in_reply_to, top.author_id, top.text) == ("reply", name(1), "UCa", "Vive Dijon a")
    assert (top.engagement.likes, top.engagement.replies, top.engagement.views) == (1, 4, None)
    assert top.url == f"https://www.youtube.com/watch?v={name(1)}&lc=UgaAaABAg"
    assert (below.in_reply_to, below.engagement.replies) == ("UgaAaABAg", None)


def test_a_comment_shown_as_a_page_is_read_as_text():
    shown = comment("a", textOriginal=None, textDisplay="Vive <b>Dijon</b> &amp; moi<br>!")
    (_, post), *_ = read(site(threads=lambda asked: listed(thread(shown, 1))))
    assert post.text.split() == ["Vive", "Dijon", "&", "moi", "!"]


def test_hidden_figures_are_unknown():
    told = site(videos=lambda asked: listed({"id": name(1), "snippet": video(1)["snippet"]}))
    (post,), *_ = read(told)
    assert post.engagement is None


def test_comments_are_read_only_under_what_may_mention_a_brand():
    _, ask, asked = read(site(search=lambda asked: said(found(1, 2))), plausible=lambda text: "1" in text)
    assert [one.query["videoId"] for one in asked if kind(one) == "commentThreads"] == [name(1)]
    assert list(json.loads(ask.cursor)) == [name(1)]


def test_comments_of_later_nights_are_read_for_28_days():
    def published(days):
        return (WINDOW.start - timedelta(days=days)).isoformat()

    cursor = json.dumps({"new": published(1), "old": published(27.9), "gone": published(40), "next": published(-2)})
    threads = lambda asked: listed(thread(comment("a" + asked.query["videoId"]), 1))  # noqa: E731
    posts, ask, _ = read(site(search=lambda asked: said(found()), threads=threads), cursor=cursor)
    assert [post.text for post in posts] == ["Vive Dijon anew", "Vive Dijon aold"]
    assert set(json.loads(ask.cursor)) == {"new", "next"}, "28 days after its publication a video is forgotten"


@pytest.mark.parametrize("cursor", [None, "", "{", "[]", "3", '{"a": "never"}', '{"a": null}'])
def test_a_cursor_that_cannot_be_read_is_none(cursor):
    assert len(read(site(), cursor=cursor)[0]) == 1


def test_a_night_read_again_gives_the_same():
    threads = lambda asked: listed(thread(comment("a"), 1))  # noqa: E731
    first, ask, _ = read(site(threads=threads))
    again, asked_again, _ = read(site(threads=threads), cursor=ask.cursor)
    assert (first, ask.cursor) == (again, asked_again.cursor)


def test_threads_are_read_back_to_the_beginning_of_the_night():
    pages = {
        "": ([comment("a", hour=20), comment("b", hour=9)], "two"),
        "two": ([comment("c", hour=1), comment("d", day=29, hour=3)], "three"),
    }

    def threads(asked):
        told, token = pages[asked.query.get("pageToken", "")]
        return listed(*(thread(one, 1) for one in told), token=token)

    posts, ask, asked = read(site(threads=threads))
    assert [post.text[-1] for post in posts[1:]] == ["a", "b", "c"]
    assert (len(asked), ask.truncated) == (5, False)


def test_closed_comments_are_no_gap():
    posts, ask, asked = read(site(threads=lambda asked: refused(403, "commentsDisabled")))
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (1, False, {"hint:comments_disabled": 1})
    assert len(asked) == 4
    assert name(1) in ask.cursor


def test_a_video_that_is_gone_is_followed_no_more():
    posts, ask, _ = read(site(threads=lambda asked: refused(404, "videoNotFound")))
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (1, False, {"hint:video_gone": 1})
    assert ask.cursor == "{}"


def test_a_thread_list_that_youtube_cannot_make_costs_only_itself():
    told = site(
        search=lambda asked: said(found(1, 2)),
        threads=lambda asked: (
            refused(400, "processingFailure") if name(2) in asked.target else listed(thread(comment("a"), 1))
        ),
    )
    posts, ask, _ = read(told)
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (3, True, {"question_refused": 1})


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
def test_a_spent_quota_is_told_apart_and_waited_for_until_california_sleeps(reason):
    error, ask, asked = read(lambda asked: refused(403, reason))
    assert type(error) is RateLimitedError
    assert len(asked) == 1, "no try of tonight fills it"
    # NOW is 02:00 UTC on 31 May, 19:00 in California on the 30th.
    assert error.retry_after == pytest.approx(5 * 3600, abs=2)
    assert (ask.truncated, ask.reasons["quota"]) == (True, 1)


def test_comments_are_read_when_the_searches_are_spent():
    cursor = json.dumps({"new": WINDOW.start.isoformat()})
    told = site(
        search=lambda asked: refused(403, "quotaExceeded"), threads=lambda asked: listed(thread(comment("a"), 1))
    )
    with serving(told) as server:
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, cursor=cursor, pace=Time().pace)
        stream = youtube.posts(WINDOW, [*QUERIES, Query("b", ("Lille",))], ask)
        assert next(stream).text == "Vive Dijon a"
        with pytest.raises(RateLimitedError):
            next(stream)
        assert [kind(one) for one in server.asked] == ["search", "commentThreads"]


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        (datetime(2026, 7, 1, 7, 0, tzinfo=UTC), 24),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 1),
        (datetime(2026, 1, 1, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 23),  # the clocks of California go forward
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25),
    ],
)
def test_the_day_of_the_quota_ends_at_midnight_in_california(moment, hours):
    assert until_reset(moment) == hours * 3600


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded"])
def test_too_fast_is_tried_again(reason):
    left = [refused(403, reason)]
    posts, *_ = read(lambda asked: left.pop() if left else site()(asked))
    assert len(posts) == 1


@pytest.mark.parametrize(
    "reply",
    [
        refused(400, "keyInvalid"),
        refused(403, "accessNotConfigured"),
        refused(403, "ipRefererBlocked"),
        refused(401, "authError"),
        Reply(b"<html>", 403),
        Reply(b"{}", 403),
        Reply(json.dumps({"error": {"code": 400, "details": [{"reason": "API_KEY_INVALID"}]}}).encode(), 400),
    ],
)
def test_a_refused_key_is_named_and_never_shown(reply, caplog):
    with caplog.at_level(logging.DEBUG):
        error, _, asked = read(lambda asked: reply)
    assert (type(error), len(asked)) == (CredentialError, 1)
    assert "SECRET" not in caplog.text + str(error) + repr(vars(error))
    assert asked[0].headers["x-goog-api-key"] == "SECRET"
    assert "SECRET" not in asked[0].target


@pytest.mark.parametrize("key", ["", "é", "a\nb"])
def test_a_key_that_can_be_none_is_not_sent(key):
    error, _, asked = read(site(), settings={"RAYONNER_YOUTUBE_KEY": key})
    assert (type(error), asked) == (CredentialError, [])


@pytest.mark.parametrize("page", [{}, [], {"items": None}, {"items": "no"}, "no", {"error": 3}])
def test_an_answer_that_is_no_list_is_trouble(page):
    error, ask, _ = read(lambda asked: said(page))
    assert (type(error), ask.asked) == (UnavailableError, 4)


def test_one_refused_question_does_not_cost_the_others():
    queries = [*QUERIES, Query("b", ("Lille",))]
    posts, ask, _ = read(
        site(search=lambda asked: refused(400, "invalidParameter") if "Lille" in asked.query["q"] else said(found(1))),
        queries,
    )
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (1, True, {"question_refused": 1})
    error, *_ = read(lambda asked: refused(400, "invalidParameter"), queries)
    assert type(error) is SchemaError


def test_a_search_keeps_to_its_share_of_pages():
    numbers = iter(range(1, 10_000))
    search = lambda asked: said(found(next(numbers), token=f"t{len(asked.query)}{next(numbers)}"))  # noqa: E731
    posts, ask, asked = read(site(search=search), settings=KEY | {"RAYONNER_YOUTUBE_SEARCHES": "3"})
    assert [kind(one) for one in asked].count("search") == len(posts) == 3
    assert (ask.truncated, ask.reasons["hint:more_videos"]) == (True, 1)


def test_searches_that_repeat_themselves_stop():
    _, ask, asked = read(site(search=lambda asked: said(found(1, token="same"))))
    assert ask.reasons["repeated_cursor"] or ask.reasons["repeated_page"]
    assert (ask.truncated, [kind(one) for one in asked].count("search")) == (True, 2)


def test_comments_that_never_end_stop():
    numbers = iter(range(10_000))
    threads = lambda asked: listed(thread(comment(str(n := next(numbers))), 1), token=f"t{n}")  # noqa: E731
    _, ask, asked = read(site(threads=threads))
    assert (ask.truncated, ask.reasons["hint:more_comments"]) == (True, 1)
    assert [kind(one) for one in asked].count("commentThreads") == 3


def test_with_more_brands_than_searches_they_take_turns():
    queries = [Query(f"b{n}", (f"Ville{n}",)) for n in range(7)]
    settings = KEY | {"RAYONNER_YOUTUBE_SEARCHES": "3"}
    nights = []
    for later in range(7):
        shifted = type(WINDOW)(WINDOW.start + timedelta(days=later), WINDOW.end + timedelta(days=later))
        with serving(site(search=lambda asked: said(found()))) as server:
            ask = Ask(now=NOW + timedelta(days=later), settings=settings, base_url=server.base, pace=Time().pace)
            list(youtube.posts(shifted, queries, ask))
            nights.append({one.query["q"] for one in server.asked})
        assert ask.cut == {q.brand for q in queries if f'"{q.terms[0]}"' not in nights[-1]}
        assert (ask.truncated, ask.reasons["hint:questions_left"]) == (True, 1)
    assert all(len(night) == 3 for night in nights)
    asked = [q for night in nights for q in night]
    assert all(asked.count(f'"Ville{n}"') == 3 for n in range(7)), "each as often as the others"


@pytest.mark.parametrize("given_searches", ["0", "-1", "many", "1e3"])
def test_a_number_of_searches_that_is_none_is_refused(given_searches):
    settings = KEY | {"RAYONNER_YOUTUBE_SEARCHES": given_searches}
    assert type(read(site(), settings=settings)[0]) is ConfigError
    assert isinstance(youtube.check(Ask(now=NOW, settings=settings)), Mend)


def test_every_try_costs_quota_and_the_rest_comes_back():
    purse = CountingPurse()
    read(site(), purse=purse)
    assert purse.cost == Cost(requests=4, units=103)
    purse, left = CountingPurse(), [Reply(b"", 503), Reply(reset=True)]
    read(lambda asked: left.pop() if left else site()(asked), purse=purse)
    assert purse.cost == Cost(requests=6, units=303)
    purse = CountingPurse()
    _, ask, _ = read(lambda asked: Reply(b"", 503), purse=purse)
    assert purse.cost == Cost(requests=ask.asked, units=100 * ask.asked)


def test_units_are_never_over_the_cap():
    queries = [Query(f"b{n}", (f"Ville{n}",)) for n in range(9)]
    purse = CountingPurse(units=650)
    error, ask, _ = read(site(search=lambda asked: said(found())), queries, purse=purse)
    assert type(error) is BudgetError
    assert 0 < purse.spent["units"] <= purse.most["units"] <= 650
    assert ask.reasons["budget"] == len(purse.refused)


def look(answer, ids, **how):
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=KEY, base_url=server.base, timeout_s=2.0, pace=Time().pace, **how)
        return list(youtube.again(ids, ask)), server.asked


def test_known_videos_and_comments_are_looked_at_again_or_gone():
    def answer(asked):
        if kind(asked) == "videos":
            return listed({"id": name(1), "statistics": {"viewCount": "9", "likeCount": "2"}}, {"id": name(2)})
        return listed({"id": "UgaAaABAg", "snippet": {"likeCount": 5}})

    told, asked = look(answer, [name(1), name(2), name(3), "UgaAaABAg", "UggoneAaABAg"])
    assert {one.post_id for one in told if one.gone} == {name(3), "UggoneAaABAg"}
    seen = {one.post_id: one.engagement for one in told if not one.gone}
    assert (seen[name(1)].views, seen[name(1)].likes, seen[name(1)].replies) == (9, 2, None)
    assert (seen[name(2)], seen["UgaAaABAg"].likes) == (None, 5)
    assert [kind(one) for one in asked] == ["videos", "comments"]


def test_fifty_are_looked_at_in_a_call_and_trouble_is_not_deletion():
    shown = lambda asked: listed(*({"id": one} for one in asked.query["id"].split(",")))  # noqa: E731
    _, asked = look(shown, [name(n) for n in range(101)])
    assert [one.query["id"].count(",") + 1 for one in asked] == [50, 50, 1]
    with pytest.raises(UnavailableError):
        look(lambda asked: said({}), [name(1)])
    with pytest.raises(UnavailableError, match="not believed"):
        look(lambda asked: listed(), [name(n) for n in range(101)])
    assert look(lambda asked: listed(), ["a,b", "é" * 11]) == ([], [])


@pytest.mark.parametrize(
    ("reply", "line", "mend"),
    [
        (listed(), "answers; 90 searches a night", False),
        (refused(403, "accessNotConfigured"), "renew RAYONNER_YOUTUBE_KEY", True),
        (refused(403, "quotaExceeded"), "midnight in California", False),
        (Reply(b"", 503), "nothing to mend", False),
    ],
)
def test_check_answers_in_a_line_with_one_request(reply, line, mend):
    with serving(lambda asked: reply) as server:
        told = youtube.check(Ask(now=NOW, settings=KEY, base_url=server.base, pace=Time().pace))
        assert len(server.asked) == 1
    assert line in told
    assert isinstance(told, Mend) is mend


texts = st.text(min_size=1, max_size=60) | st.lists(st.sampled_from(["Dijon", "La", "Manche", "é"]), min_size=1).map(
    " ".join
)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Query,
            brand=st.sampled_from(["one", "two", "three"]),
            terms=st.lists(texts, max_size=8).map(tuple),
            hashtags=st.lists(texts, max_size=4).map(tuple),
        ),
        max_size=4,
    )
)
def test_every_word_is_asked_for_and_no_question_is_too_long(asked):
    planned = youtube.plan(asked)
    assert all(len(one.text) <= 200 and one.text.count('"') % 2 == 0 for one in planned)
    assert len({one.text for one in planned}) == len(planned)
    for query in asked:
        covered = {word for one in planned if query.brand in one.brands for word in one.covers}
        assert {word for word in words(query) if phrase(word)} <= covered


def test_the_shipped_brands_fit_in_a_day():
    asked = brands.queries(brands.catalogue("brands", ROOT / "brands"))
    planned = youtube.plan(asked)
    assert len(asked) <= len(planned) < 90
    assert all(len(one.brands) == 1 for one in planned)


def test_terms_are_code():
    assert (youtube.LEGAL.combine_engagement, youtube.LEGAL.store_days) == (False, 30)
    assert replay_youtube.settings(None) == KEY
