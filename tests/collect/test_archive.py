"""Files that people already have: every line is a post or a counted refusal, whatever the line."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
import zstandard

from pipeline.collect import Ask, _jsonl, _stream, archive
from pipeline.collect._draft import finish, loosely
from pipeline.collect._json import fields
from pipeline.errors import ConfigError, SchemaError
from pipeline.model import Engagement

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
REAL = DATA / "posts_fr_before_2020.jsonl.gz"

GOOD = {
    "platform": "x",
    "post_id": "1",
    "created_at": "2019-03-01T10:00:00Z",
    "text": "Dijon est belle",
    "author": "u_1",
    "author_followers": 12,
    "kind": "post",
    "likes": 3,
    "reposts": 0,
    "first_seen": "2019-03-02",
}


@pytest.fixture
def read(tmp_path):
    """Reads lines (objects, text or bytes) as a file; gives the posts, the reasons, and the reject file's rows."""

    def reading(*lines, name="posts.jsonl", **options):
        path = tmp_path / name
        written = [
            x if isinstance(x, bytes) else x.encode() if isinstance(x, str) else json.dumps(x).encode() for x in lines
        ]
        path.write_bytes(b"\n".join(written))
        return read_path(path, **options)

    def read_path(path, **options):
        rejects = tmp_path / "rejects.tsv"
        ask = Ask(now=NOW, settings={"reject_path": str(rejects)} | options.pop("settings", {}))
        posts = list(archive.read(path, ask, **options))
        kept = rejects.read_text().splitlines()[1:] if rejects.exists() else []
        return posts, dict(ask.reasons), [tuple(row.split("\t")[:2]) for row in kept]

    reading.path = read_path
    return reading


def test_a_line_of_ours_becomes_a_post(read):
    (post,), reasons, _ = read(GOOD | {"kind": "retweet", "repost_of": "9", "hashtags": ["Dijon"]})
    assert (post.source, post.post_id, post.kind, post.repost_of) == ("x", "1", "repost", "9")
    assert post.author_id == post.author_handle == "u_1"
    assert post.created_at == datetime(2019, 3, 1, 10, tzinfo=UTC)
    assert post.seen_at == datetime(2019, 3, 2, 23, 59, 59, tzinfo=UTC)
    assert post.engagement == Engagement(post.seen_at, 3, 0, None, None, None)
    assert reasons == {}


def test_the_patient_reader_gives_what_the_fast_one_gives(read):
    (fast,), _, _ = read(GOOD)
    (patient,), reasons, _ = read(GOOD | {"post_id": 1, "likes": "3", "reposts": 0.0, "author_followers": "12"})
    assert patient == fast
    assert reasons == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"created_at": "0001-01-01T00:00:00Z"}, "date_too_early"),
        ({"created_at": "2031-01-01T00:00:00Z"}, "date_in_future"),
        ({"created_at": "2019-02-30T10:00:00Z"}, "bad_date"),
        ({"created_at": None}, "bad_date"),
        ({"created_at": [2019]}, "bad_date"),
        ({"created_at": 1e30}, "bad_date"),
        ({"post_id": ""}, "bad_id"),
        ({"post_id": None}, "bad_id"),
        ({"post_id": True}, "bad_id"),
        ({"post_id": "1.44E+18"}, "bad_id"),
        ({"post_id": "a\x00b"}, "bad_id"),
        ({"post_id": "x" * 600}, "bad_id"),
        ({"text": None}, "no_text"),
        ({"text": "\0 \n"}, "no_text"),
        ({"text": {"fr": "Dijon"}}, "no_text"),
        ({"platform": ""}, "no_platform"),
        ({"platform": "a b"}, "no_platform"),
    ],
)
def test_a_post_that_cannot_be_used_is_refused_with_its_line_and_reason(read, change, reason):
    posts, reasons, rejects = read(GOOD, GOOD | {"post_id": "2"} | change, GOOD | {"post_id": "3"})
    assert [post.post_id for post in posts] == ["1", "3"]
    assert reasons == {reason: 1}
    assert rejects == [("2", reason)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"platform": "x", "post', "not_json"),
        (b"\xff\xfe{", "not_utf8"),
        (b'{"text": "\xe9t\xe9"}', "not_utf8"),
        (b"[1, 2]", "not_a_post"),
        (b"12", "not_a_post"),
        (b"[" * 100_000, "not_json"),
        (b'{"post_id": ' + b"9" * 10_000 + b"}", "not_json"),
        (b"{}", "no_text"),
    ],
)
def test_a_line_that_is_no_post_is_refused(read, line, reason):
    posts, reasons, rejects = read(GOOD, line, GOOD | {"post_id": "2"})
    assert len(posts) == 2
    assert reasons == {reason: 1}
    assert rejects == [("2", reason)]


def test_blank_lines_windows_ends_and_a_byte_order_mark_are_no_faults(read):
    line = json.dumps(GOOD).encode()
    posts, reasons, _ = read(b"\xef\xbb\xbf" + line + b"\r", b"\r", b"", json.dumps(GOOD | {"post_id": "2"}))
    assert len(posts) == 2
    assert reasons == {}


def test_a_line_without_end_is_refused_and_not_held(read, monkeypatch):
    monkeypatch.setattr(_stream, "MAX_LINE", 1_000)
    monkeypatch.setattr(_stream, "CHUNK", 400)
    posts, reasons, rejects = read(GOOD, b"x" * 5_000, GOOD | {"post_id": "2"}, b"y" * 5_000)
    assert [post.post_id for post in posts] == ["1", "2"]
    assert reasons == {"line_too_long": 2}
    assert rejects == [("2", "line_too_long"), ("4", "line_too_long")]


def test_lines_are_cut_the_same_however_the_bytes_come():
    content = b"\xef\xbb\xbfone\n\ntwo\r\nthree"
    for size in range(3, len(content) + 1):
        cut = [content[n : n + size] for n in range(0, len(content), size)]
        assert list(_stream.lines(iter(cut))) == [(1, b"one"), (2, b""), (3, b"two\r"), (4, b"three")]


def test_a_line_in_a_thousand_pieces_takes_linear_time():
    started = process_time()
    ((_, line),) = _stream.lines(b"x" * 8_000 for _ in range(5_000))
    assert len(line) == 40_000_000
    assert process_time() - started < 5  # 20 ms; joining piece by piece would copy 100 GB


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_bomb_is_unpacked_bit_by_bit(tmp_path, pack):
    path = tmp_path / "bomb"
    path.write_bytes(pack(bytes(300_000_000)))
    assert max(len(chunk) for chunk in _stream.chunks(path, Ask(now=NOW))) <= 128 << 20


@pytest.mark.parametrize("name", ["Twitter", "twitter", "X"])
def test_x_has_one_name(read, name):
    assert read(GOOD | {"platform": name})[0][0].source == "x"


def test_text_is_made_storable(read):
    (post,), reasons, _ = read(json.dumps(GOOD).replace("Dijon est belle", r"a\u0000b\ud83dc e\u0301 \ud83d\ude0d"))
    assert post.text == "abc é 😍"
    assert reasons == {}


def test_a_post_of_one_megabyte_is_cut_and_kept(read):
    (post,), reasons, _ = read(GOOD | {"text": "Dijon " * 200_000})
    assert len(post.text) == 100_000
    assert reasons == {"hint:text_cut": 1}


@pytest.mark.parametrize("count", [-1, 1.5, "many", "1e400", 2**70, "-3", "NaN"])
def test_a_count_that_cannot_be_is_unknown_and_the_post_stays(read, count):
    (post,), reasons, _ = read(GOOD | {"likes": count})
    assert post.engagement.likes is None
    assert post.engagement.reposts == 0
    assert reasons == {"hint:bad_count": 1}


@pytest.mark.parametrize(("count", "found"), [("1 234", 1234), ("1,234", 1234), ("12.0", 12), (7.0, 7), ("", None)])
def test_counts_come_as_text_too(read, count, found):
    (post,), _, _ = read(GOOD | {"likes": count})
    assert post.engagement.likes == found


def test_no_count_is_no_engagement(read):
    (post,), _, _ = read({k: v for k, v in GOOD.items() if k not in {"likes", "reposts"}})
    assert post.engagement is None


def test_a_date_without_zone_is_read_as_utc_and_hinted(read):
    (post,), reasons, _ = read(GOOD | {"created_at": "2019-03-01 10:00:00"})
    assert post.created_at == datetime(2019, 3, 1, 10, tzinfo=UTC)
    assert reasons == {"hint:no_zone": 1}


@pytest.mark.parametrize(
    "written",
    [
        "2019-03-01T11:00:00+01:00",
        "Fri Mar 01 10:00:00 +0000 2019",
        "Fri, 01 Mar 2019 10:00:00 GMT",
        1551434400,
        "1551434400000",
    ],
)
def test_dates_are_understood_in_the_forms_platforms_write(read, written):
    (post,), reasons, _ = read(GOOD | {"created_at": written})
    assert post.created_at == datetime(2019, 3, 1, 10, tzinfo=UTC)
    assert reasons == {}


@pytest.mark.parametrize("first_seen", ["2019-02-28", "soon", "2999-01-01", None])
def test_seen_before_written_or_in_the_future_is_not_believed(read, first_seen):
    (post,), _, _ = read(GOOD | {"first_seen": first_seen})
    assert post.seen_at == post.created_at


def test_the_same_post_twice_is_one_and_counted(read):
    posts, reasons, rejects = read(GOOD, GOOD, GOOD | {"first_seen": "2019-03-05"})
    assert len(posts) == 2  # seen on two days: two observations of its engagement
    assert reasons == {"duplicate": 1}
    assert rejects == []


@pytest.mark.parametrize("pack", [lambda b: b, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
def test_packing_is_known_by_the_first_bytes_whatever_the_name(read, tmp_path, pack):
    lines = [json.dumps(GOOD | {"post_id": str(n)}).encode() + b"\n" for n in range(100)]
    path = tmp_path / "posts.txt"
    path.write_bytes(b"".join(pack(b"".join(part)) for part in (lines[:40], lines[40:])))  # two members, as dumps have
    assert [post.post_id for post in read.path(path)[0]] == [str(n) for n in range(100)]


@pytest.mark.parametrize(("pack", "share"), [(gzip.compress, 0.7), (zstandard.compress, 0.7), (gzip.compress, 0.999)])
def test_a_file_cut_short_keeps_what_could_be_read(read, tmp_path, pack, share):
    noise = "".join(chr(97 + (n * n) % 26) for n in range(400))
    packed = pack(
        b"".join(
            json.dumps(GOOD | {"post_id": str(n), "text": noise[n % 300 :] + str(n * 7919)}).encode() + b"\n"
            for n in range(9_000)
        )
    )
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(packed[: int(len(packed) * share)])
    posts, reasons, _ = read.path(path)
    assert len(posts) > 100 or pack is zstandard.compress
    assert reasons["truncated_file"] == 1
    assert sum(reasons.values()) <= 2  # the file and at most the line where it stops


def test_a_damaged_file_is_said_to_be(read, tmp_path):
    packed = bytearray(
        gzip.compress(b"".join(json.dumps(GOOD | {"post_id": str(n)}).encode() + b"\n" for n in range(5_000)))
    )
    packed[len(packed) // 2 : len(packed) // 2 + 20] = b"\xff" * 20
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(packed)
    ask = Ask(now=NOW)
    list(archive.read(path, ask))
    assert ask.reasons["damaged_file"] == 1
    assert ask.truncated


def test_an_empty_file_is_counted(read, tmp_path):
    for content in (b"", b"\n\r\n  \n"):
        (tmp_path / "empty.json").write_bytes(content)
        assert read.path(tmp_path / "empty.json") == ([], {"empty_file": 1}, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello", "twarc"),
        (b"PK\x03\x04xyz", "save the sheet as CSV"),
        (b'[{"post_id": 1}]', "jq"),
        (b"name,age\nbob,3\n", "--map"),
        (b'{"hello": 1}', "minet"),
    ],
)
def test_an_unknown_format_names_those_accepted(tmp_path, content, told):
    path = tmp_path / "strange"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match="Accepted") as raised:
        list(archive.read(path, Ask(now=NOW)))
    assert told in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl"):
        list(archive.read(tmp_path / "nowhere.jsonl", Ask(now=NOW)))
    with pytest.raises(ConfigError, match="RAYONNER_ARCHIVE_PATH"):
        from datetime import date

        from pipeline.model import Window

        list(archive.posts(Window.night(date(2019, 3, 1)), [], Ask(now=NOW)))


def test_the_cursor_is_the_line_being_read(tmp_path):
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(["{broken", json.dumps(GOOD), "", json.dumps(GOOD | {"post_id": "2"})]))
    ask = Ask(now=NOW)
    assert [ask.cursor for _ in archive.read(path, ask)] == ["line:2", "line:4"]


def test_the_reject_file_is_for_its_owner_and_holds_the_line(read, tmp_path):
    read(GOOD, '{"post_id": "\t2"')
    path = tmp_path / "rejects.tsv"
    assert path.stat().st_mode & 0o777 == 0o600
    line, reason, raw = path.read_text().splitlines()[1].split("\t")
    assert (line, reason, json.loads(raw)) == ("2", "not_json", '{"post_id": "\t2"')


def test_no_reject_file_is_made_when_nothing_is_refused(read, tmp_path):
    read(GOOD, "{")
    read(GOOD)
    assert not (tmp_path / "rejects.tsv").exists()


def test_the_log_never_tells_what_people_wrote(read, caplog):
    caplog.set_level("DEBUG")
    read(GOOD, '{"text": "secret words", "author": "somebody"')
    assert "secret" not in caplog.text
    assert "somebody" not in caplog.text


@pytest.mark.skipif(not REAL.exists(), reason="the real posts (shared/data) are not on this machine")
def test_both_readers_give_the_same_of_real_posts():
    with gzip.open(REAL) as file:
        for number, line in enumerate(file):
            if number % 10 == 0:
                fast = _jsonl._quick(line, NOW)
                assert fast is not None
                assert fast == finish(loosely(fields(line)), Ask(now=NOW))


@pytest.mark.skipif(not REAL.exists(), reason="the real posts (shared/data) are not on this machine")
def test_real_posts_are_read_whole():
    ask = Ask(now=NOW)
    kinds = {}
    for post in archive.read(REAL, ask):
        kinds[post.kind] = kinds.get(post.kind, 0) + 1
    assert kinds == {"post": 27_275, "quote": 3_604, "reply": 2_430, "repost": 17_546}
    assert ask.reasons == {}
    assert ask.fetched == 50_855
