"""Whatever bytes come, a reader yields posts and counts refusals; it raises only that the format is unknown."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.collect import Ask, _jsonl, archive
from pipeline.collect._draft import CLOCKS, finish, loosely
from pipeline.collect._json import fields
from pipeline.collect._moments import moment
from pipeline.collect._text import MAX_TEXT, clean
from pipeline.errors import MalformedError, SchemaError

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
OURS = b'{"platform":"x","post_id":"good","created_at":"2019-03-01T10:00:00Z","text":"Dijon"}\n'
PAGE = b'{"data":[{"id":"90","text":"Dijon","author_id":"7","created_at":"2021-09-22T16:37:29Z"}]}\n'
MINET = b"id,timestamp_utc,user_screen_name,text,like_count\n"

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def shaped(*names):
    """Objects with the names a reader looks for, and anything under them."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything)) | anything


ours = st.fixed_dictionaries(
    {
        "platform": st.sampled_from(["x", "X", "twitter", "press"]),
        "post_id": st.text(min_size=1, max_size=5),
        "created_at": st.datetimes(min_value=datetime(1989, 1, 1), max_value=datetime(2027, 1, 1)).map(  # noqa: DTZ001
            lambda at: at.isoformat() + "Z"
        ),
        "text": st.text(max_size=30),
        "kind": st.sampled_from(["post", "retweet", "reply", "quote"]),
    },
    optional={
        "author": st.text(max_size=5),
        "hashtags": st.lists(st.text(max_size=5), max_size=3),
        "likes": st.integers(0, 2**64),
        "first_seen": st.dates().map(str) | st.just("2019-03-02"),
        "lang": st.sampled_from(["fr", "en", "x y", ""]),
    },
) | shaped(
    "platform", "post_id", "created_at", "text", "author", "kind", "hashtags", "likes", "first_seen", "url", "lang"
)
metrics = shaped("retweet_count", "repost_count", "like_count", "followers_count")
x_post = shaped("created_at", "author_id", "withheld", "entities", "lang").map(
    lambda found: found if not isinstance(found, dict) else {"id": "5", "text": "t"} | found
) | st.fixed_dictionaries(
    {"id": anything, "text": anything},
    optional={
        "public_metrics": metrics,
        "referenced_tweets": st.lists(shaped("type", "id", "text"), max_size=3) | anything,
        "edit_history_tweet_ids": anything,
        "note_post": shaped("text", "entities"),
        "author": shaped("username", "public_metrics", "location"),
    },
)
x_page = st.fixed_dictionaries(
    {"data": st.lists(x_post, max_size=3) | anything},
    optional={
        "includes": shaped("users", "tweets", "posts"),
        "errors": anything,
        "meta": shaped("result_count"),
        "__twarc": anything,
    },
)


def counted(tmp_path, content, format):
    """Read the bytes; each line or post ended as a post, a refusal or nothing, and posts are sound."""
    path = tmp_path / "hostile"
    path.write_bytes(content)
    ask = Ask(now=NOW, settings={"reject_path": str(tmp_path / "rejects.tsv"), "source": "x"})
    posts = list(archive.read(path, ask, format=format))
    for post in posts:
        post.text.encode()
        assert "\0" not in post.text
        assert post.text.strip()
        assert len(post.text) <= MAX_TEXT
        assert post.seen_at >= post.created_at
        assert post.created_at.tzinfo is UTC
        assert hash(post) is not None
    return posts, ask


@quick
@given(st.lists(st.binary(max_size=80), max_size=6))
@example([b"\xff" * 3, b"\x00", b"{", b'"\\ud800"'])
def test_random_bytes_as_json_lines(tmp_path, lines):
    for format in ("jsonl", "x"):
        good = OURS if format == "jsonl" else PAGE
        posts, ask = counted(
            tmp_path, good + b"\n".join(lines) + b"\n" + good.replace(b"good", b"last").replace(b"90", b"91"), format
        )
        assert len(posts) >= 2
        written = [one for one in b"\n".join(lines).split(b"\n") if one.strip()]
        assert ask.skipped + len(posts) == 2 + len(written)


@quick
@given(st.lists(ours, max_size=4))
def test_random_shapes_as_our_posts(tmp_path, shapes):
    posts, ask = counted(tmp_path, OURS + b"\n".join(json.dumps(shape).encode() for shape in shapes), "jsonl")
    assert ask.skipped + len(posts) == 1 + len(shapes)


@quick
@given(ours)
def test_the_fast_reader_agrees_with_the_patient_one(shape):
    line = json.dumps(shape).encode()
    fast = _jsonl._quick(line, NOW + CLOCKS)
    assert fast is None or fast == finish(loosely(fields(line)), Ask(now=NOW))


@quick
@given(st.lists(x_page, max_size=3))
def test_random_shapes_as_x_pages(tmp_path, pages):
    posts, _ = counted(tmp_path, PAGE + b"\n".join(json.dumps(page).encode() for page in pages), "x")
    assert posts


@quick
@given(
    st.lists(
        st.lists(
            st.text(max_size=12) | st.sampled_from(["1741941067", "-1", "=1+1", "9" * 400, "1e9"]),
            min_size=4,
            max_size=6,
        ),
        max_size=6,
    )
)
def test_random_rows_as_csv(tmp_path, rows):
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    content = (
        MINET
        + b"1,1741941067,bob,Dijon,3\n"
        + written.getvalue().encode("utf-8", "surrogatepass")
        + b"2,1741941067,bob,Dijon,3\n"
    )
    posts, _ = counted(tmp_path, content, None)
    assert {"1", "2"} <= {post.post_id for post in posts}


@quick
@given(st.binary(max_size=200))
def test_random_bytes_as_csv(tmp_path, content):
    posts, _ = counted(tmp_path, MINET + b"1,1741941067,bob,Dijon,3\n" + content, None)
    assert posts[0].post_id == "1"


@quick
@given(st.binary(max_size=200))
@example(b"\x1f\x8b\x08")
@example(b"\x28\xb5\x2f\xfd\x00\x00")
def test_random_bytes_as_any_file(tmp_path, content):
    path = tmp_path / "any"
    path.write_bytes(content)
    try:
        list(archive.read(path, Ask(now=NOW, settings={"source": "x"})))
    except SchemaError as error:
        assert "Accepted" in str(error)


@quick
@given(st.text(st.characters(), max_size=700))
def test_cleaning_twice_changes_nothing(text):
    once = clean(text)
    once.encode()
    assert clean(once) == once


@quick
@given(anything)
def test_any_date_is_a_moment_or_a_refusal(given_date):
    try:
        found, _ = moment(given_date)
    except MalformedError as error:
        assert error.reason == "bad_date"
    else:
        assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["e" + "\u0301\u0323" * 50_000, "\u0301" * 100_000, "\ud800" * 100_000, "😍" * 100_000]
)
def test_hostile_text_is_cleaned_in_linear_time(text):
    from time import process_time

    started = process_time()
    clean(text)
    assert process_time() - started < 1  # about 1 ms; sorting the marks would take minutes
