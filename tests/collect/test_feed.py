"""Feeds read without trust: their dates, their addresses, their forms."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Ask, Mend, _feeds_seen, rss
from pipeline.collect._answer import Answer
from pipeline.collect._discover import links
from pipeline.collect._feed import canonical, headlines, when, whole
from pipeline.collect._feeds_seen import Seen
from pipeline.errors import ConfigError, MalformedError, UnavailableError
from pipeline.model import Query, Window
from tests.collect.loopback import Reply, serving

WINDOW = Window(datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 1, 13, tzinfo=UTC))
XML = {"content-type": "application/xml"}


def read(body, kind="application/xml"):
    return headlines(Answer("https://e.fr/rss", 200, {"content-type": kind}, body), "https://e.fr/rss")


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 12 Jan 2026 08:00:00 GMT",
        "Mon, 12 Jan 2026 09:00:00 +0100",
        "Mon, 12 Jan 2026 09:00:00 CET",
        "lun., 12 janv. 2026 09:00:00 +0100",
        "lundi 12 janvier 2026 09:00:00 +0100",
        "2026-01-12T08:00:00Z",
        "2026-01-12T09:00:00+01:00",
        "2026-01-12 08:00:00",
        "1768204800",
    ],
)
def test_dates_of_every_making_are_read(written):
    assert when(written)[0] == datetime(2026, 1, 12, 8, tzinfo=UTC)


def test_french_months_are_months():
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    for number, month in enumerate(months.split(), 1):
        assert when(f"12 {month} 2025 08:00:00 +0000")[0].month == number


@given(st.text())
def test_no_date_can_break_it(text):
    try:
        assert when(text)[0].tzinfo
    except MalformedError as error:
        assert error.reason == "bad_date"


def test_one_article_has_one_address():
    same = [
        "http://www.e.fr/a?utm_source=rss&id=3#xtor=RSS-1",
        "https://www.E.fr:443/a?id=3&xtor=RSS-8&at_medium=x&fbclid=1",
        "https://user:word@www.e.fr/a?id=3",
    ]
    assert {canonical(one) for one in same} == {"https://www.e.fr/a?id=3"}
    assert canonical("https://e.fr") == "https://e.fr/"


def test_json_feeds_are_read():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"title": "Dijon", "url": "/a", "date_published": "2026-01-12T08:00:00Z"}, {"title": 3}, "x"],
    }
    first, *others = read(json.dumps(feed).encode(), "application/feed+json")
    assert (first.title, first.link, first.id) == ("Dijon", "https://e.fr/a", "https://e.fr/a")
    assert [other.reason for other in others] == ["no_text", "no_text"]
    with pytest.raises(MalformedError, match="no_feed"):
        read(b'{"items": []}', "application/json")


def test_atom_is_read():
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        '<title type="html">A &amp;lt;b&amp;gt; &lt;i&gt;B&lt;/i&gt;</title>'
        '<link href="a/b"/><updated>2026-01-12T08:00:00Z</updated></entry></feed>'
    )
    (entry,) = read(body.encode())
    assert (entry.title, entry.link, entry.written) == ("A <b> B", "https://e.fr/a/b", "2026-01-12T08:00:00Z")


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<!doctype html><html><body>Oups", "html_page"), (b"<x/>", "no_feed"), (b"{", "no_feed"), (b"Hello", "no_feed")],
)
def test_what_is_no_feed_is_refused(body, reason):
    with pytest.raises(MalformedError) as told:
        read(body)
    assert told.value.reason == reason


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_feed_can_break_it(body):
    for fed in (body, b"<rss version='2.0'><channel><item><title>" + body):
        try:
            read(fed)
        except MalformedError as error:
            assert error.reason in {"no_feed", "html_page"}


def test_a_million_laughs_are_no_laugh():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss version="2.0"><channel><item>'
    found = read(f"{body}<title>&l11;</title></item></channel></rss>".encode())
    assert all(isinstance(one, MalformedError) or len(one.title) < 10_000 for one in found)


def test_an_entity_that_names_a_file_stays_unread():
    body = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
    found = read(f"{body}<item><title>x&f;</title><link>/a</link></item></channel></rss>".encode())
    assert "root:" not in str(found)


def test_conditions_are_kept_back_while_they_could_hide_the_night():
    seen = Seen(etag='"1"', modified="Mon, 12 Jan 2026 08:00:00 GMT", newest="2026-01-11T12:00:00+00:00")
    assert set(seen.conditions(WINDOW)) == {"if-none-match", "if-modified-since"}
    assert Seen(etag='"1"', newest="2026-01-12T00:00:00+00:00").conditions(WINDOW) == {}
    assert Seen(etag='"1"').conditions(WINDOW) == {}


def test_what_is_remembered_can_be_read_again():
    told = {"https://e.fr/rss": Seen(etag='"1"', gone=True), "https://f.fr": Seen()}
    assert _feeds_seen.read(_feeds_seen.written(told)) == told


@given(st.text() | st.recursive(st.none() | st.text(), lambda i: st.dictionaries(st.text(), i)).map(json.dumps))
def test_no_cursor_can_break_it(cursor):
    for seen in _feeds_seen.read(cursor).values():
        seen.conditions(WINDOW)
        assert seen.failed(WINDOW) in (True, False)


def test_a_feed_is_dead_after_a_week():
    seen = Seen()
    nights = [Window(WINDOW.start + timedelta(days=n), WINDOW.end + timedelta(days=n)) for n in range(8)]
    assert [seen.failed(night) for night in nights] == [False] * 7 + [True]


def test_feeds_of_a_page_are_found():
    page = """<LINK REL=alternate TYPE="application/atom+xml" HREF=/atom.xml title="a > b">
        <link rel="alternate" type="application/rss+xml" href="https://f.e.fr/rss?a=1&amp;b=2">
        <link rel="stylesheet" href="/rss.css"><a href='javascript:alert("/rss")'>x</a><a href="/flux/rss">Flux</a>
        <a href="/presse">Presse</a><a href="http://[::1/rss">x</a>"""
    assert links(page, "https://e.fr/une/") == [
        "https://e.fr/atom.xml",
        "https://f.e.fr/rss?a=1&b=2",
        "https://e.fr/flux/rss",
    ]


@given(st.text())
def test_no_page_can_break_it(text):
    links(text, "https://e.fr/")
    links(f"<link {text}><a href={text}>", "https://e.fr/")


def test_a_feed_cut_short_is_not_taken_for_the_whole():
    body = b'<rss version="2.0"><channel><item><title>A</title><link>/a</link></item>'
    with pytest.raises(UnavailableError):
        whole(Answer("https://e.fr/rss", 200, XML, body))
    whole(Answer("https://e.fr/rss", 200, XML, body + b"</channel></rss >"))
    whole(Answer("https://e.fr/rss", 200, XML, b"{}"))


ITEM = "<channel><item><title>A</title><link>/a</link></item>"
PROLOG = '<?xml version="1.0"?>\n<?xml-stylesheet href="a.xsl"?><!DOCTYPE rss [<!ENTITY a "b">]>\n'


@pytest.mark.parametrize(
    "before", ["", PROLOG, f"{PROLOG}<!-- {'licence <html> ' * 900} -->\n", " \n" * 3_000, "\ufeff"]
)
@pytest.mark.parametrize("root", ["rss", "feed", "rdf:RDF", "RSS", "atom:feed"])
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_cut_is_seen_however_far_the_feed_begins(before, root, code):
    body = f'{before}<{root} version="2.0">{ITEM}'
    with pytest.raises(UnavailableError, match="cut short"):
        whole(Answer("https://e.fr/rss", 200, XML, body.encode(code)))
    whole(Answer("https://e.fr/rss", 200, XML, f"{body}</channel></{root}>".encode(code)))


@pytest.mark.parametrize("piece", ["<!--", "<?", "<!doctype [", "<!---->", "<"])
def test_a_prolog_without_end_is_read_in_linear_time(piece):
    whole(Answer("https://e.fr/rss", 200, XML, (piece * 400_000).encode()))


def test_no_feed_at_all_is_no_quiet_night():
    ask = Ask(now=WINDOW.end)
    with pytest.raises(ConfigError, match="no feed is named"):
        list(rss.posts(WINDOW, [Query("one", ("Dijon",))], ask))
    assert "add [press] feeds" in rss.check(ask)


@pytest.mark.parametrize(
    ("status", "mend", "told"), [(503, False, "out of reach now"), (404, True, "mend in the brand")]
)
def test_a_feed_that_is_only_out_of_reach_is_not_to_be_mended(status, mend, told):
    with serving(lambda asked: Reply(b"", status)) as server:
        ask = Ask(now=WINDOW.end, base_url=server.base)
        feeds = tuple(f"{server.base}/{n}" for n in range(5))
        line = rss.check(ask, [Query("one", ("Dijon",), feeds=feeds)])
    assert isinstance(line, Mend) == mend
    assert "0 of 5 feeds can be read" in line and told in line
