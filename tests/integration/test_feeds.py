"""The source `rss` against nginx: conditional requests, moves, goodbyes, limits, and 2,248 difficult feeds."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from pipeline.collect import Ask, rss
from pipeline.collect._articles import Night, Span, articles
from pipeline.collect._discover import discover
from pipeline.collect._feed import headlines
from pipeline.collect._feeds_seen import read
from pipeline.collect._http import Client
from pipeline.errors import MalformedError, UnavailableError
from pipeline.model import Post, Query, Window
from tests.collect.loopback import Time
from tests.integration import feed_server

pytestmark = pytest.mark.integration

WINDOW = Window.night(date(2026, 1, 12))
NOW = WINDOW.end + timedelta(hours=4)
DAY = timedelta(days=1)
VERSIONS = count()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    with feed_server.running(folder) as address:
        publish(folder, "feed.xml", (-2, "La veille"), (10, "Dijon se réveille"), (12, "« Été » à Dijon 🚲"))
        yield address


def publish(folder: Path, name: str, *entries: tuple[float, str], encoding: str = "utf-8") -> None:
    """A feed with entries so many hours after the window's start, newest first as feeds are."""
    told = "".join(
        f"<item><title>{title}</title><link>https://presse.example/{hour}</link>"
        f"<pubDate>{(WINDOW.start + timedelta(hours=hour)):%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for hour, title in sorted(entries, reverse=True)
    )
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>P</title>'
    (folder / "www" / name).write_bytes(f"{head}{told}</channel></rss>".encode(encoding, "xmlcharrefreplace"))
    # To a server, the same second and size would be the same version.
    os.utime(folder / "www" / name, (version := 1_700_000_000 + next(VERSIONS), version))


def collect(base: str, *feeds: str, window: Window = WINDOW, cursor: str | None = None) -> tuple[list[Post], Ask, Time]:
    time = Time()
    ask = Ask(now=window.end + timedelta(hours=4), base_url=base, timeout_s=20, cursor=cursor, pace=time.pace)
    queries = [Query("just-dijon", ("Dijon",), feeds=tuple(f"{base}/{feed}" for feed in feeds))]
    return list(rss.posts(window, queries, ask)), ask, time


def test_the_articles_of_the_night_come_with_title_and_link(base: str) -> None:
    posts, ask, _ = collect(base, "feed.xml")
    assert [post.text for post in posts] == ["« Été » à Dijon 🚲", "Dijon se réveille"]
    assert {post.kind for post in posts} == {"article"}
    assert {post.author_handle for post in posts} == {"presse.example"}
    assert (ask.asked, ask.truncated, dict(ask.reasons)) == (1, False, {})


def test_not_modified_is_asked_for_only_when_it_can_hide_nothing(base: str) -> None:
    _, first, _ = collect(base, "feed.xml")
    again, same, _ = collect(base, "feed.xml", cursor=first.cursor)
    assert len(again) == 2  # a second run of the same night must see all of it
    assert not same.reasons
    following = Window(WINDOW.end, WINDOW.end + DAY)
    posts, ask, _ = collect(base, "feed.xml", window=following, cursor=first.cursor)
    assert (posts, dict(ask.reasons), ask.truncated) == ([], {"hint:not_modified": 1}, False)


def test_a_new_version_is_read_the_next_night(base: str, folder: Path) -> None:
    publish(folder, "daily.xml", (-1, "Hier"), (5, "Le matin"))
    _, ask, _ = collect(base, "daily.xml")
    publish(folder, "daily.xml", (5, "Le matin"), (23.5, "Tard"), (30, "Le lendemain à Dijon"))
    posts, ask, _ = collect(base, "daily.xml", window=Window(WINDOW.end, WINDOW.end + DAY), cursor=ask.cursor)
    assert [post.text for post in posts] == ["Le lendemain à Dijon"]
    late, _, _ = collect(base, "daily.xml", cursor=ask.cursor)
    assert {post.text for post in late} == {"Le matin", "Tard"}


def test_a_feed_that_moved_is_asked_at_its_new_address(base: str) -> None:
    posts, ask, _ = collect(base, "moved.xml")
    assert (len(posts), ask.asked, dict(ask.reasons)) == (2, 2, {"hint:feed_moved": 1})
    posts, ask, _ = collect(base, "moved.xml", cursor=ask.cursor)
    assert (len(posts), ask.asked, dict(ask.reasons)) == (2, 1, {})
    posts, ask, _ = collect(base, "for-a-while.xml")
    posts, ask, _ = collect(base, "for-a-while.xml", cursor=ask.cursor)
    assert (len(posts), ask.asked) == (2, 2)


def test_a_feed_that_is_gone_is_asked_no_more(base: str) -> None:
    posts, ask, _ = collect(base, "gone.xml", "feed.xml")
    assert (len(posts), ask.asked, dict(ask.reasons), ask.truncated) == (2, 2, {"feed_gone": 1}, False)
    posts, ask, _ = collect(base, "gone.xml", "feed.xml", cursor=ask.cursor)
    assert (len(posts), ask.asked, dict(ask.reasons)) == (2, 1, {"feed_gone": 1})


def test_a_busy_server_is_waited_for_as_long_as_it_says(base: str) -> None:
    posts, ask, time = collect(base, "busy.xml", "feed.xml")
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (2, True, {"feed_lost": 1})
    assert time.slept == [120.5, 121, 122]  # Retry-After, and half of 1, 2 and 4 seconds


def test_no_feed_at_all_is_an_outage(base: str) -> None:
    with pytest.raises(UnavailableError, match="none of 2 feeds"):
        collect(base, "busy.xml", "forbidden.xml")


def test_a_feed_that_fails_for_a_week_is_dead_and_no_longer_makes_nights_partial(base: str) -> None:
    cursor, seen = None, []
    for night in range(9):
        window = Window(WINDOW.start + night * DAY, WINDOW.end + night * DAY)
        _, ask, _ = collect(base, "missing.xml", "feed.xml", window=window, cursor=cursor)
        seen.append("dead" if ask.reasons["feed_dead"] else "missing" if ask.reasons["feed_missing"] else "")
        assert ask.truncated is (seen[-1] == "missing")
        cursor = ask.cursor
    assert seen == ["missing"] * 7 + ["dead"] * 2


def test_a_limit_on_requests_is_met_with_patience(base: str, folder: Path) -> None:
    publish(folder, "limited.xml", (-1, "Hier"), (5, "Le matin"))
    assert len(collect(base, "limited.xml")[0]) == 1
    posts, ask, time = collect(base, "limited.xml", "feed.xml")
    assert (len(posts), ask.truncated, ask.reasons["feed_lost"]) == (2, True, 1)
    assert time.slept == [0.5, 1, 2]


def test_what_must_not_be_followed_or_read_is_counted(base: str) -> None:
    posts, ask, _ = collect(base, "elsewhere.xml", "forbidden.xml", "feed.xml")
    assert len(posts) == 2
    assert dict(ask.reasons) == {"near_address": 1, "feed_closed": 1}
    assert ask.truncated


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_any_encoding_is_read(base: str, folder: Path, encoding: str) -> None:
    publish(folder, f"{encoding}.xml", (-1, "Hier"), (5, "Été à Nuits-Saint-Georges"), encoding=encoding)
    posts, _, _ = collect(base, f"{encoding}.xml")
    assert [post.text for post in posts] == ["Été à Nuits-Saint-Georges"]


def test_a_feed_too_short_for_the_night_is_said(base: str, folder: Path) -> None:
    publish(folder, "short.xml", (20, "Le soir"))
    posts, ask, _ = collect(base, "short.xml")
    assert (len(posts), ask.truncated, dict(ask.reasons)) == (1, True, {"hint:feed_too_short": 1})


def test_the_feed_of_a_page_is_found(base: str, folder: Path) -> None:
    (folder / "www" / "page.html").write_text(
        "<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head>"
        '<body><a href="/une/rss.xml">RSS</a><a href="/contact">Contact</a></body>'
    )
    ask = Ask(now=NOW, base_url=base, pace=Time().pace)
    assert discover(f"{base}/page.html", ask) == [f"{base}/feed.xml", f"{base}/une/rss.xml"]
    assert discover(f"{base}/feed.xml", ask) == [f"{base}/feed.xml"]


@pytest.fixture(scope="module")
def corpus(folder: Path, base: str) -> list[str]:
    """The feeds of feedparser's own tests, from its source distribution, laid where nginx serves them."""
    told = ["pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    command = [sys.executable, "-m", *told, "-d", str(folder), "feedparser==6.0.14"]
    if subprocess.run(command, capture_output=True, timeout=120).returncode:
        pytest.skip("feedparser's source distribution cannot be downloaded here")
    with tarfile.open(next(folder.glob("feedparser-*.tar.gz"))) as packed:
        packed.extractall(folder / "www", filter="data")
    top = next((folder / "www").glob("feedparser-*"))
    files = [file for file in (top / "tests").rglob("*") if file.suffix in {".xml", ".gz", ".z"}]
    return sorted(file.relative_to(folder / "www").as_posix() for file in files)


def test_every_difficult_feed_is_read_or_refused_with_a_reason(base: str, corpus: list[str]) -> None:
    window = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    ask = Ask(now=NOW, base_url=base, timeout_s=20, pace=Time().pace)
    night, outcome, posts = Night(window, ask, read(None)), Counter[str](), 0
    with Client(ask, "rss", base, policy=rss.POLICY) as client:
        for path in corpus:
            try:
                found = headlines(client.get(path, expect="text"), f"{base}/{path}")
            except (MalformedError, UnavailableError) as error:
                outcome[getattr(error, "reason", "empty")] += 1
                continue
            outcome["read"] += 1
            posts += len(list(articles(found, night, Span())))
    assert len(corpus) > 2_000
    assert outcome["read"] > 0.9 * len(corpus), outcome
    assert set(outcome) <= {"read", "no_feed", "html_page", "empty"}
    assert set(ask.reasons) <= {
        *("no_text", "no_date", "bad_address", "bad_date", "bad_id", "date_too_early", "date_in_future"),
        *("duplicate", "hint:no_zone", "hint:text_cut"),
    }
    assert posts == ask.fetched
