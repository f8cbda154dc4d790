"""X API v2 JSON as twarc keeps it, in the vocabulary of tweets and in that of posts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.collect import Ask, archive

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "recordings" / "x_archive"
recorded = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded X archives (shared/data) are not here")

USER = {"id": "7", "username": "bob", "location": "Dijon", "public_metrics": {"followers_count": 55}}
POST = {
    "id": "1440716895355764743",
    "text": "Dijon #JustDijon",
    "author_id": "7",
    "created_at": "2021-09-22T16:37:29.000Z",
    "lang": "fr",
    "public_metrics": {
        "retweet_count": 2,
        "reply_count": 1,
        "like_count": 9,
        "quote_count": 0,
        "impression_count": 300,
    },
    "entities": {"hashtags": [{"start": 6, "end": 16, "tag": "JustDijon"}]},
}


def page(*posts, **more):
    return {
        "data": list(posts),
        "includes": {"users": [USER]},
        "__twarc": {"retrieved_at": "2021-09-23T08:00:00+00:00"},
    } | more


@pytest.fixture
def read(tmp_path):
    def reading(*lines):
        path = tmp_path / "x.jsonl"
        path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines))
        ask = Ask(now=NOW, settings={"reject_path": str(tmp_path / "rejects.tsv")})
        return list(archive.read(path, ask)), dict(ask.reasons)

    return reading


def renamed(found):
    """The same answer in X's new words, as its OpenAPI file of August 2026 spells them."""
    text = json.dumps(found)
    for old, new in (("tweet_count", "post_count"), ("retweet_count", "repost_count"), ("_tweets", "_posts")):
        text = text.replace(old, new)
    for old, new in (
        ('"tweets"', '"posts"'),
        ("note_tweet", "note_post"),
        ("tweet_ids", "post_ids"),
        ('"retweeted"', '"reposted"'),
    ):
        text = text.replace(old, new)
    return json.loads(text)


def test_a_page_gives_its_posts_with_their_authors(read):
    (post,), reasons = read(page(POST))
    assert (post.source, post.post_id, post.text) == ("x", POST["id"], POST["text"])
    assert (post.author_id, post.author_handle, post.author_followers, post.author_place) == ("7", "bob", 55, "Dijon")
    assert post.hashtags == ("JustDijon",)
    assert post.created_at == datetime(2021, 9, 22, 16, 37, 29, tzinfo=UTC)
    assert post.seen_at == post.engagement.observed_at == datetime(2021, 9, 23, 8, tzinfo=UTC)
    assert (post.engagement.likes, post.engagement.reposts, post.engagement.views) == (9, 2, 300)
    assert post.url == f"https://x.com/i/web/status/{POST['id']}"
    assert reasons == {}


def test_a_flattened_line_gives_the_same_post_as_its_page(read):
    flat = POST | {"author": USER, "__twarc": {"retrieved_at": "2021-09-23T08:00:00+00:00"}}
    assert read(flat) == read(page(POST))


def test_a_repost_has_the_whole_text_of_its_original(read):
    original = POST | {"id": "5", "text": "x" * 200, "note_tweet": {"text": "y" * 600}}
    repost = POST | {
        "id": "6",
        "text": "RT @bob: " + "x" * 90 + "…",
        "referenced_tweets": [{"type": "retweeted", "id": "5"}],
    }
    (post,), _ = read(page(repost, includes={"users": [USER], "tweets": [original]}))
    assert (post.kind, post.repost_of) == ("repost", "5")
    assert post.text == "RT @bob: " + "y" * 600


def test_quotes_and_replies_name_what_they_answer(read):
    refs = [{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": "4"}]
    (post,), _ = read(page(POST | {"referenced_tweets": refs}))
    assert (post.kind, post.quote_of, post.in_reply_to) == ("quote", "5", "4")


def test_a_long_post_is_read_whole(read):
    note = {"text": "Dijon " * 100, "entities": {"hashtags": [{"tag": "long"}]}}
    (post,), _ = read(page(POST | {"note_tweet": note}))
    assert post.text == note["text"]
    assert post.hashtags == ("long",)


@pytest.mark.parametrize("words", ["tweet", "post"])
def test_an_edited_post_is_one_post_with_its_latest_text(read, words):
    old = POST | {"id": "10", "text": "first", "edit_history_tweet_ids": ["10", "11"]}
    new = POST | {"id": "11", "text": "second", "edit_history_tweet_ids": ["10", "11"]}
    for given in (page(old, new), page(new, old), page(old, includes={"users": [USER], "tweets": [new]})):
        posts, _ = read(given if words == "tweet" else renamed(given))
        assert [(post.post_id, post.text) for post in posts] == [("10", "second")]


def test_an_old_edit_alone_is_counted(read):
    old = POST | {"id": "10", "edit_history_tweet_ids": ["10", "11"]}
    assert read(page(old)) == ([], {"superseded_edit": 1})


@pytest.mark.parametrize("withheld", [{"country_codes": ["DE", "FR"]}, {"copyright": True}, {"country_codes": ["XX"]}])
def test_a_post_withheld_here_is_left_out_and_not_kept_aside(read, tmp_path, withheld):
    assert read(page(POST | {"withheld": withheld})) == ([], {"withheld": 1})
    assert not (tmp_path / "rejects.tsv").exists()


def test_a_post_withheld_elsewhere_stays(read):
    assert len(read(page(POST | {"withheld": {"copyright": False, "country_codes": ["IN"]}}))[0]) == 1


def test_pages_without_posts(read):
    errors = {"errors": [{"title": "Not Found Error"}]}
    assert read(page(POST), errors)[1] == {"errors_only_page": 1}
    assert read(page(POST), {"meta": {"result_count": 0}})[1] == {}
    assert read(page(POST) | errors)[1] == {"hint:partial_errors": 1}
    assert read(page(POST), {"hello": 1})[1] == {"not_a_post": 1}


def test_one_bad_post_costs_only_itself(read):
    posts, reasons = read(page(POST, "no post", POST | {"id": "3", "created_at": "never"}, POST | {"id": "4"}))
    assert [post.post_id for post in posts] == [POST["id"], "4"]
    assert reasons == {"not_a_post": 1, "bad_date": 1}


def test_the_date_is_in_the_id_when_it_was_not_asked_for(read):
    (post,), reasons = read(page({k: v for k, v in POST.items() if k != "created_at"}))
    assert abs((post.created_at - datetime(2021, 9, 22, 16, 37, 29, tzinfo=UTC)).total_seconds()) < 1
    assert reasons == {"hint:date_from_id": 1}


@recorded
@pytest.mark.parametrize(
    ("name", "number", "reasons"),
    [
        ("brexit.jsonl", 100, {}),
        ("edited.jsonl", 1, {}),
        ("flat.jsonl", 100, {}),
        ("noflat.jsonl", 100, {"hint:partial_errors": 1}),
        ("geo_tweets.jsonl", 2, {}),
        ("mentions_tweet.jsonl", 1, {}),
        ("streaming_output_with_error.jsonl", 7, {"not_json": 1}),
        ("withheld.jsonl", 214, {"withheld": 1, "hint:partial_errors": 3}),
    ],
)
def test_recorded_archives_are_read_in_both_vocabularies(read, tmp_path, name, number, reasons):
    ask = Ask(now=NOW)
    posts = list(archive.read(RECORDED / name, ask))
    assert len(posts) == number
    assert dict(ask.reasons) == reasons
    # Rewritten by this test: no recording in the new words exists.
    lines = []
    for line in (RECORDED / name).read_text().splitlines():
        try:
            lines.append(renamed(json.loads(line)))
        except json.JSONDecodeError:
            lines.append(line)
    assert read(*lines) == (posts, reasons)


@recorded
def test_flattened_and_unflattened_recordings_hold_the_same_posts():
    flat, pages = (list(archive.read(RECORDED / name, Ask(now=NOW))) for name in ("flat.jsonl", "noflat.jsonl"))
    assert {post.post_id: post for post in flat} == {post.post_id: post for post in pages}
