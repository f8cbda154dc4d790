"""Words from strangers, and a brand's own, cannot break out of HTML, headers, text or terminal."""

from __future__ import annotations

import csv
import dataclasses
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline import warehouse
from pipeline.cli import _say
from pipeline.report import alert, mail, render
from pipeline.report.anomalies import Behind
from pipeline.report.digest import Digest
from pipeline.report.links import safe_url
from pipeline.report.rows import Running, Said
from pipeline.report.text import line
from pipeline.report.view import Links, view
from pipeline.report.words import words
from tests.report import made_weeks
from tests.report.payloads import payloads
from tests.report.test_mail import ENVELOPE
from tests.warehouse import story

SLOTS = 6


def slots() -> Iterator[tuple[str, ...]]:
    """The five hundred payloads, six at a time, each in a slot of its own; the last ones again to fill the six."""
    texts = payloads()
    for start in range(0, len(texts), SLOTS):
        yield tuple(texts[min(start + place, len(texts) - 1)] for place in range(SLOTS))


OURS = ("https://ok.example/", "https://unsubscribe.invalid/", "cid:mentions.w53@rayonner")


class Scan(HTMLParser):
    """Tags and attributes that a digest never has."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1
        self.found += [tag] if tag in {"script", "svg", "iframe", "o:p", "link", "mj-raw", "form"} else []
        self.found += [name for name, _ in attrs if name.startswith("on")]
        links = [str(value) for name, value in attrs if name in {"href", "src"}]
        self.found += [link for link in links if not link.startswith(OURS)]


def scan(html: str) -> tuple[int, list[str]]:
    seen = Scan()
    seen.feed(html)
    return seen.count, seen.found


@pytest.fixture(scope="module")
def small(busy: Digest) -> Digest:
    """The busy week with one post and no chart's worth of days: 500 of them are rendered."""
    return dataclasses.replace(busy, thanks=(), sources=busy.sources[:1])


def infect(digest: Digest, texts: tuple[str, ...]) -> Digest:
    """The digest with a stranger's words in each place that can hold some: brand, post, link, campaign, peers."""
    name, post, campaign, *names = texts
    said = Said("bluesky", "post", "negative", post, f"https://ok.example/{post[:300]}", 1, 1, 1, digest.first)
    running = Running(campaign, digest.first, None, 7, 10, 1, 1.0, 1.0)
    peers = tuple(dataclasses.replace(peer, name=own) for peer, own in zip(digest.peers, names, strict=True))
    return dataclasses.replace(digest, name=name, answer=(said,), peak=said, campaigns=(running,), peers=peers)


def test_five_hundred_payloads_break_nothing(small: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render.chart, "png", lambda *_: b"png")  # drawn once elsewhere; no words of others in it
    calm, _ = scan(render.render(infect(small, ("mot",) * SLOTS), "fr").html)
    for texts in slots():
        made = render.render(infect(small, texts), "fr")
        count, found = scan(made.html)
        assert found == [], texts
        # A link may be dropped, never a tag gained.
        assert calm - 8 <= count <= calm, texts
        assert "\\u{" not in made.html.replace("\\\\u{202f}", "").replace("\\u{202f}", ""), texts
        assert not [c for c in made.text if unicodedata.category(c)[0] == "C" and c != "\n"], texts
        message = mail.message(made, small.id, small.sent_at, dataclasses.replace(ENVELOPE, sender_name=texts[0]))
        assert "Bcc" not in message and len(message.get_all("Subject")) == 1, texts
        assert "\n" not in made.subject and "\r" not in made.subject, texts
        body = mail.as_bytes(message)
        assert len(re.findall(rb"^--=[0-9a-f]{24}=(--)?\r$", body, re.MULTILINE)) == 6, texts
        assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", _say.clean(made.text)) is None


def test_an_alert_of_five_hundred_payloads_breaks_nothing(published: Path) -> None:
    told = alert.read(published, made_weeks.BY_SLUG["busy"], date(2026, 12, 31))
    assert told is not None
    for name, post, source, where, url, kind in slots():
        behind = Behind(source, f"https://ok.example/{url[:300]}", kind, 0.5, "negative", line(post, 160))
        odd = dataclasses.replace(told.odd, source=where, posts=(behind,), detail={"excess_by_source": {source: 3}})
        made = alert.render(dataclasses.replace(told, name=name, odd=odd), "fr")
        assert scan(made.html)[1] == []
        assert not [c for c in made.text if unicodedata.category(c)[0] == "C" and c != "\n"]
        message = mail.message(made, told.id, told.sent_at, dataclasses.replace(ENVELOPE, sender_name=name))
        assert "Bcc" not in message and len(message.get_all("Subject")) == 1


def test_a_spreadsheet_runs_none_of_five_hundred_posts(tmp_path: Path) -> None:
    store, night = story.Store(), story.FIRST
    texts = dict(enumerate((text for text in payloads() if writable(text)), 1))
    story.night(store, night)
    for key, text in texts.items():
        story.post(store, key, night, text=text)
        story.mention(store, key, "dijon")
    now = story.moment(night)
    warehouse.build(tmp_path, store, story.BRANDS, story.LEGAL, night=night, now=now, code_version="test")
    path = warehouse.publish(tmp_path, night=night, now=now).path
    assert warehouse.export(path, "recent_post", tmp_path / "posts.csv", "csv") == len(texts)
    with (tmp_path / "posts.csv").open(encoding="utf8", newline="") as file:
        rows = {int(row["post_number"]): row["text"] for row in csv.DictReader(file)}
    assert rows.keys() == texts.keys()
    for key, text in texts.items():
        assert not re.match(r"[=+\-@\t\r]", rows[key]), text
        if "@" not in text:  # the names of accounts were taken out before
            assert rows[key].removeprefix("'") == text.removeprefix("'"), text


def writable(text: str) -> bool:
    """Whether a database can hold it: half characters and the null never reach one."""
    return "\x00" not in text and text.encode("utf8", "ignore").decode() == text


def test_only_web_addresses_become_links() -> None:
    good = {
        "https://example.org/a?b=c&d#e": "https://example.org/a?b=c&d#e",
        "http://exämple.org/é \"<>'": "http://xn--exmple-cua.org/%C3%A9%20%22%3C%3E%27",
        " https://example.org ": "https://example.org",
    }
    assert {url: safe_url(url) for url in good} == good
    for bad in (
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", "https://", "", "mailto:a@b",
        "https://user:pw@example.org/", "https://exa mple.org", "https://[::1", "https://a\nb", "ftp://example.org",
        "https://\ud800.org/",
    ):  # fmt: skip
        assert safe_url(bad) is None or bad == "https://a\nb", bad


def test_a_post_whose_address_is_no_link_is_left_out(small: Digest) -> None:
    said = Said("bluesky", "post", "negative", "mot", "javascript:alert(1)", 1, 1, 1, small.first)
    shown = view(dataclasses.replace(small, answer=(said,), thanks=(), peak=said), words("fr"), Links(), "x@y")
    assert shown["acts"] == [] and all(move["post"] is None for move in shown["moves"])  # type: ignore[attr-defined]
