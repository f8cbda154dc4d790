"""CSV as minet and 4CAT write it, and exports of listening tools described by a map."""

from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from pipeline.collect import Ask, _mapped, archive
from pipeline.errors import ConfigError, SchemaError

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
AT = datetime(2025, 3, 14, 8, 31, 7, tzinfo=UTC)
OBSERVED = Path(__file__).resolve().parents[3] / "shared" / "data" / "engagement_observations_before_2020.csv.gz"

MINET = (
    "id,timestamp_utc,local_time,user_screen_name,text,retweet_count,like_count,user_followers,retweeted_id,hashtags\n"
)
ROW = "{},1741941067,2025-03-14T09:31:07,bob,{},3,5,12,,dijon|troyes\n"


@pytest.fixture
def read(tmp_path):
    def reading(content, **options):
        path = tmp_path / "export.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        ask = Ask(now=NOW, settings=options.pop("settings", {}))
        return list(archive.read(path, ask, **options)), dict(ask.reasons)

    return reading


def test_minet_posts_of_x(read):
    (post,), reasons = read(MINET + ROW.format(1, '"Dijon,\nc\'est ""bien"""'))
    assert (post.source, post.post_id, post.author_handle, post.author_followers) == ("x", "1", "bob", 12)
    assert post.text == 'Dijon,\nc\'est "bien"'
    assert post.created_at == AT
    assert post.hashtags == ("dijon", "troyes")
    assert (post.engagement.likes, post.engagement.reposts, post.engagement.views) == (5, 3, None)
    assert reasons == {}


def test_minet_posts_of_bluesky(read):
    header = (
        "cid,did,uri,url,timestamp_utc,user_did,user_handle,text,original_text,repost_count,like_count,to_post_uri,"
        "user_langs\n"
    )
    (post,), _ = read(
        header
        + "c,3l,at://did:plc:a/app.bsky.feed.post/3l,https://bsky.app/x,1741941067,did:plc:a,a.test,b q,b,1,2,at://p,fr\n"
    )
    assert (post.source, post.post_id, post.kind) == ("bluesky", "at://did:plc:a/app.bsky.feed.post/3l", "reply")
    assert (post.text, post.in_reply_to, post.lang_hint) == ("b", "at://p", "fr")


def test_4cat_posts_of_x(read):
    header = (
        "id,thread_id,timestamp,unix_timestamp,subject,body,author,author_id,retweet_count,like_count,is_retweet,"
        "is_quote_tweet,is_reply\n"
    )
    posts, reasons = read(
        header
        + "1,1,2025-03-14 08:31:07,1741941067,,Dijon,bob,7,3,5,no,no,no\n"
        + "2,1,2025-03-14 08:31:07,1741941067,,RT @bob: Dijon,eve,8,3,0,yes,no,no\n"
    )
    assert [(post.source, post.kind, post.author_id) for post in posts] == [("x", "post", "7"), ("x", "repost", "8")]
    assert posts[0].created_at == AT
    assert reasons == {}


def test_4cat_posts_of_another_platform_need_its_name(read):
    content = "id,thread_id,timestamp,subject,body,author\n5,4,2025-03-14 08:31:07,Titre,Dijon,bob\n"
    with pytest.raises(ConfigError, match="which platform"):
        read(content)
    (post,), reasons = read(content, settings={"source": "reddit"})
    assert (post.source, post.text, post.in_reply_to, post.created_at) == ("reddit", "Titre\nDijon", "4", AT)
    assert reasons == {"hint:no_zone": 1}


def test_our_own_fields_as_csv_with_semicolons(read):
    (post,), _ = read("platform;post_id;created_at;text;likes\npress;a1;2025-03-14T08:31:07Z;Dijon;nan\n")
    assert (post.source, post.created_at, post.engagement) == ("press", AT, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('9,1741941067,x,bob,"never closed,3,5,12,,\n', "open_quote"),
        ("9,1741941067,x,bob\n", "wrong_columns"),
        ("9,1741941067,x,bob,a,b,c,d,e,f,g,h\n", "wrong_columns"),
        (b"9,1741941067,x,bob,\xe9t\xe9,3,5,12,,\n", "not_utf8"),
        (b"9,1741941067,x,bob,a\rb,3,5,12,,\n", "broken_row"),
        ("9,14/03/2025,x,bob,t,3,5,12,,\n", "bad_date"),
        ("1.44E+18,1741941067,x,bob,t,3,5,12,,\n", "bad_id"),
        (",1741941067,x,bob,t,3,5,12,,\n", "bad_id"),
        ("9,1741941067,x,bob,,3,5,12,,\n", "no_text"),
        ('9,1741941067,x,bob,"' + "a" * 5_000_000 + '",3,5,12,,\n', "broken_row"),
    ],
)
def test_a_bad_row_costs_one_row(read, row, reason):
    row = row if isinstance(row, bytes) else row.encode()
    good = [ROW.format(n, "Dijon").encode() for n in range(3)]
    posts, reasons = read(MINET.encode() + good[0] + row + good[1] + good[2])
    assert [post.post_id for post in posts] == ["0", "1", "2"]
    assert reasons == {reason: 1}


def test_nul_a_mark_and_windows_ends_are_no_faults(read):
    content = b"\xef\xbb\xbf" + (MINET + ROW.format(1, "Dij\0on")).replace("\n", "\r\n").encode()
    (post,), reasons = read(content)
    assert post.text == "Dijon"
    assert reasons == {}


def test_utf16_with_its_mark_is_read(read):
    (post,), _ = read((MINET + ROW.format(1, "Périgueux 😍")).encode("utf-16"))
    assert post.text == "Périgueux 😍"


def test_one_megabyte_in_a_cell_is_cut_and_kept(read):
    (post,), reasons = read(MINET + ROW.format(1, '"' + "Dijon\n" * 180_000 + '"'))
    assert len(post.text) == 100_000
    assert reasons == {"hint:text_cut": 1}


@pytest.mark.parametrize("hostile", ['1,2,3,"a","b\n', '1,"\n', '"\n1,2\n', '"""\n'])
def test_hostile_quotes_are_read_in_linear_time(read, hostile):
    started = process_time()
    posts, reasons = read(MINET + hostile * (600_000 // len(hostile)) + ROW.format(1, "Dijon"))
    assert process_time() - started < 20  # 1 to 2 s alone on a core; reading on after each quote would take hours
    assert len(posts) <= 1
    assert sum(reasons.values()) > 1


MAP = """
[file]
delimiter = ";"
encoding = "cp1252"
skip_lines = 2
platform = "x"

[columns]
post_id = "Lien"
created_at = "Date"
text = ["Texte", "Titre"]
kind = "Type"
likes = "J'aime"

[dates]
format = "%d/%m/%Y %H:%M"
zone = "Europe/Paris"

[values.kind]
"Rediffusion" = "repost"
"""
EXPORT = """Rapport;2025
du 1 au 31;
Lien;Date;Texte;Titre;Type;J'aime
https://twitter.com/bob/status/77;14/07/2025 12:00;Été à Périgueux;;Rediffusion;1 234
https://x.com/bob/status/78;29/03/2026 02:30;;Un titre;Autre;
"""


@pytest.fixture
def mapped(tmp_path):
    def written(text):
        path = tmp_path / "map.toml"
        path.write_text(text)
        return path

    return written


def test_a_mapped_export(read, mapped):
    posts, reasons = read(EXPORT.encode("cp1252"), map=mapped(MAP))
    first, second = posts
    assert (first.source, first.post_id, first.kind, first.engagement.likes) == ("x", "77", "repost", 1234)
    assert first.text == "Été à Périgueux"
    assert first.created_at == datetime(2025, 7, 14, 10, tzinfo=UTC)
    assert (second.post_id, second.text, second.kind) == ("78", "Un titre", "post")
    assert reasons == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('delimiter = ";"', 'delimiter = ";;"', "one character"),
        ('encoding = "cp1252"', 'encoding = "latin-99"', "no encoding"),
        ('zone = "Europe/Paris"', 'zone = "Paris"', "Europe/Paris"),
        ('text = ["Texte", "Titre"]', "", "which column is 'text'"),
        ('likes = "J\'aime"', 'hearts = "J\'aime"', "no field is called 'hearts'"),
        ('platform = "x"', "", "where the posts come from"),
        ("skip_lines = 2", "skip = 2", "skip"),
        ("[file]", "[file", "map.toml"),
    ],
)
def test_a_mistake_in_a_map_is_named_with_its_cure(read, mapped, old, new, told):
    with pytest.raises(ConfigError, match="map") as raised:
        read(EXPORT.encode("cp1252"), map=mapped(MAP.replace(old, new, 1)))
    assert told in str(raised.value)


def test_an_export_without_the_columns_of_its_map_is_named(read, mapped):
    with pytest.raises(SchemaError, match="text: Texte or Titre"):
        read(EXPORT.replace("Texte;Titre", "a;b").encode("cp1252"), map=mapped(MAP))


def test_a_map_that_is_not_there_names_the_shipped_ones(read):
    with pytest.raises(ConfigError, match="brandwatch, talkwalker, visibrain"):
        read(EXPORT, map="nowhere.toml")


@pytest.mark.parametrize("tool", _mapped.examples())
def test_the_shipped_maps_read_an_export_of_their_shape(read, tool):
    found = _mapped.load(tool)
    header = [columns[0] for columns in found.table.columns.values()]
    written = dict(zip(found.table.columns, header, strict=True))
    date = AT.strftime(found.table.form)
    cells = {written["post_id"]: "42", written["created_at"]: date, written["text"]: "Dijon"}
    if "platform" in written:
        cells[written["platform"]] = next(iter(found.table.values["platform"]))
    unique = list(dict.fromkeys(header))
    row = found.table.delimiter.join(cells.get(name, "") for name in unique)
    lines = ["rapport"] * found.skip_lines + [found.table.delimiter.join(unique), row]
    (post,), reasons = read("\n".join(lines), map=tool)
    assert (post.source, post.post_id, post.text) == ("x", "42", "Dijon")
    assert reasons == {}


def engagements(tmp_path, content, **settings):
    path = tmp_path / "seen.csv"
    path.write_text(content)
    ask = Ask(now=NOW, settings=settings)
    return list(archive.engagements(path, ask)), dict(ask.reasons)


def test_engagement_of_a_day_is_of_its_end(tmp_path):
    found, reasons = engagements(
        tmp_path, "post_id,observed_on,reposts,likes\na,2019-03-01,5,\nb,2019-03-01T10:00:00Z,,2\n"
    )
    (source, post_id, first), (_, _, second) = found
    assert (source, post_id, first.reposts, first.likes) == ("x", "a", 5, None)
    assert first.observed_at == datetime(2019, 3, 1, 23, 59, 59, tzinfo=UTC)
    assert second.observed_at == datetime(2019, 3, 1, 10, tzinfo=UTC)
    assert reasons == {}


def test_engagement_rows_that_cannot_be_used_are_counted(tmp_path):
    content = (
        "source,post_id,observed_on,likes\nbluesky,a,2019-03-01,1\nx,,2019-03-01,1\nx,b,soon,1\nx,c,2019-03-01,\n"
        "x,d\nx,e,2999-01-01,1\nx,f,2019-03-01,-4\n"
    )
    found, reasons = engagements(tmp_path, content)
    assert [source for source, _, _ in found] == ["bluesky"]
    expected = {
        "bad_id": 1,
        "bad_date": 1,
        "no_counts": 2,
        "wrong_columns": 1,
        "date_in_future": 1,
        "hint:bad_count": 1,
    }
    assert reasons == expected


def test_engagement_without_its_columns_is_refused(tmp_path):
    with pytest.raises(SchemaError, match="observed_on"):
        engagements(tmp_path, "id,day,likes\n1,2,3\n")
    assert engagements(tmp_path, "") == ([], {"empty_file": 1})


@pytest.mark.skipif(not OBSERVED.exists(), reason="the real observations (shared/data) are not on this machine")
def test_real_observations_are_read_whole():
    ask = Ask(now=NOW)
    assert sum(1 for _ in archive.engagements(OBSERVED, ask)) == 72_428
    assert ask.reasons == {}
