"""Words from strangers, and a brand's own, cannot break out of HTML, headers, text or terminal."""

from __future__ import annotations

import dataclasses
import random
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from pipeline.cli import _say
from pipeline.report import mail, render
from pipeline.report.digest import Digest
from pipeline.report.links import safe_url
from pipeline.report.rows import Running, Said
from pipeline.report.view import Links, view
from pipeline.report.words import words
from tests.report.test_mail import ENVELOPE

CORES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</mj-text><mj-raw><b>", "</div></td></table>",
    "<mj-include path='/etc/passwd'/>", "]]>", "<![CDATA[<b>]]>", "<!-- -->", "-->", "<style>*{display:none}</style>",
    "&lt;script&gt;", "&#60;script&#62;", "&quot; onload=alert(1) &quot;", "' onmouseover='alert(1)", '" style="',
    "{{ 7*7 }}", "{% raw %}", "{0.__class__}", "%(x)s", "${x}", "\\u{202f}", "\\", "\\x3cscript\\x3e",
    "\r\nBcc: victim@example.org", "\nSubject: other", "\n.\n", "\r\n.\r\nMAIL FROM:<x@y>", "--=boundary=", "\x00",
    "\x1b[2J\x1b[31m",
    "\x07", "\x9b31m", "\u202eesrever", "\u2066\u2069", "\u200b", "\ufeff", "\ud800", "\udfff", "\u2028", "\u2029",
    "e\u0301", "\u0301" * 50, "👩‍👩‍👧‍👦", "️", "\u00ad", "=CMD()", "@SUM(1)", "javascript:alert(1)", "https://evil.example/",
    "\U000e0041", "ﷺ", "a" * 5000, "\t" * 3000, "<" * 2000, "&" * 2000, "?=", "=?utf-8?b?PHNjcmlwdD4=?=", "[x](y)",
    "'; drop table delivery; --", "<a href='https://evil.example'>x</a>", "<svg/onload=alert(1)>", "<o:p>",
    "<!--[if mso]>", "<![endif]-->",
)  # fmt: skip


SLOTS = 6


def payloads() -> Iterator[tuple[str, ...]]:
    """500 strings in six slots: each core in all of them, then others glued of cores by a fixed draw, one a slot."""
    drawn = random.Random(7)
    yield from ((core,) * SLOTS for core in CORES)
    for _ in range((500 - len(CORES)) // SLOTS + 1):
        yield tuple(
            "".join(drawn.choice(CORES) + drawn.choice(("", " ", "mot")) for _ in range(2)) for _ in range(SLOTS)
        )


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
    said = Said("bluesky", "post", "negative", post, f"https://ok.example/{post[:300]}", 1, 1, 1, digest.week)
    running = Running(campaign, digest.week, None, 7, 10, 1, 1.0, 1.0)
    peers = tuple(dataclasses.replace(peer, name=own) for peer, own in zip(digest.peers, names, strict=True))
    return dataclasses.replace(digest, name=name, answer=(said,), peak=said, campaigns=(running,), peers=peers)


def test_five_hundred_payloads_break_nothing(small: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render.chart, "png", lambda *_: b"png")  # drawn once elsewhere; no words of others in it
    calm, _ = scan(render.render(infect(small, ("mot",) * SLOTS), "fr").html)
    for texts in payloads():
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
    said = Said("bluesky", "post", "negative", "mot", "javascript:alert(1)", 1, 1, 1, small.week)
    shown = view(dataclasses.replace(small, answer=(said,), thanks=(), peak=said), words("fr"), Links(), "x@y")
    assert shown["acts"] == [] and all(move["post"] is None for move in shown["moves"])  # type: ignore[attr-defined]
