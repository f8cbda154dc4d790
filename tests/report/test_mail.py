"""The mail itself: parts, headers, the compiler's traps, the same bytes at every build."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image

from pipeline.errors import ConfigError
from pipeline.report import mail, render, shot
from pipeline.report.digest import Digest
from pipeline.report.render import Rendered, attribute

PAGE = "https://veille.example.org/index.html"
ENVELOPE = mail.Envelope(
    "equipe@example.org", 0x1234, "veille@example.org", "Le Territoire « Animé »", "busy.1234.abcd",
    "https://veille.example.org/sortir",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(busy: Digest) -> Rendered:
    return render.render(busy, "fr", page=PAGE)


@pytest.fixture(scope="module")
def wire(made: Rendered, busy: Digest) -> bytes:
    return mail.as_bytes(mail.message(made, busy.id, busy.sent_at, ENVELOPE))


@pytest.fixture(scope="module")
def read(wire: bytes) -> EmailMessage:
    message = message_from_bytes(wire, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_the_parts_are_text_then_html_with_its_picture(read: EmailMessage) -> None:
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip


def test_every_cid_has_its_part_and_stands_on_one_line(read: EmailMessage, wire: bytes) -> None:
    html = read.get_body(("html",))
    assert html is not None
    used = set(re.findall(r'src="cid:([^"]+)"', html.get_content()))
    held = {part["Content-ID"].strip("<>") for part in read.walk() if part["Content-ID"]}
    assert used == held == {"mentions.w53@rayonner"}
    assert b"Content-ID: <mentions.w53@rayonner>\r\n" in wire


def test_the_headers_say_who_what_when_and_how_to_leave(read: EmailMessage) -> None:
    assert read["From"].addresses[0].display_name == "Le Territoire « Animé »"
    assert read["Subject"] == "Le Territoire « Animé » · semaine 53 · 180 mentions (+216\N{NO-BREAK SPACE}%)"
    assert read["Date"].datetime == datetime(2027, 1, 4, 6, 30, tzinfo=UTC)
    assert read["Message-ID"] == "<digest.busy.2026-W53.0000000000001234@example.org>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["List-Unsubscribe"] == (
        "<https://veille.example.org/sortir/busy.1234.abcd>, "
        "<mailto:veille@example.org?subject=unsubscribe%20busy.1234.abcd>"
    )
    assert (read["List-Id"], read["Auto-Submitted"], read["Content-Language"]) == (
        "<busy.digest.example.org>", "auto-generated", "fr",
    )  # fmt: skip


def test_without_an_endpoint_one_leaves_by_mail(made: Rendered, busy: Digest) -> None:
    message = mail.message(made, busy.id, busy.sent_at, dataclasses.replace(ENVELOPE, unsubscribe_url=None))
    assert message["List-Unsubscribe"].startswith("<mailto:") and "List-Unsubscribe-Post" not in message


def test_two_builds_are_equal_to_the_byte(busy: Digest, wire: bytes) -> None:
    again = mail.message(render.render(busy, "fr", page=PAGE), busy.id, busy.sent_at, ENVELOPE)
    assert mail.as_bytes(again) == wire


def test_no_line_is_too_long_and_no_byte_is_foreign(wire: bytes) -> None:
    assert wire.isascii() and max(map(len, wire.split(b"\r\n"))) <= 998


def test_the_html_is_light_and_calls_nobody(made: Rendered) -> None:
    assert len(made.html.encode()) < 70_000  # Gmail cuts at 102 KB
    hosts = set(re.findall(r'(?:href|src)="https?://([^/"]+)', made.html))
    assert hosts <= {"veille.example.org", "unsubscribe.invalid"} | {
        f"{source}.example.org" for source in ("bluesky", "mastodon", "x")
    }
    assert not re.search(r"@import|url\(|<link|<script", made.html)


def test_the_compiler_s_codes_do_not_reach_a_reader(made: Rendered) -> None:
    assert "\\u{" not in made.html
    assert attribute("5\u202f%\\é👩‍🚀\u0301") == "5&#8239;&#37;&#92;&#233;&#128105;&#8205;&#128640;&#769;".replace(
        "&#37;", "%"
    )


class Seen(HTMLParser):
    """What a screen reader relies on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_screen_reader_finds_language_headings_tables_and_a_trend(made: Rendered) -> None:
    seen = Seen()
    seen.feed(made.html)
    tags = [tag for tag, _ in seen.tags]
    assert (seen.tags[0][0], seen.tags[0][1]["lang"]) == ("html", "fr")
    assert tags.count("h1") == 1 and tags.index("h1") < tags.index("h2")
    picture = next(attrs for tag, attrs in seen.tags if tag == "img")
    assert "au-dessus du niveau habituel de 57" in str(picture["alt"]) and "Maximum : 60" in str(
        picture["alt"]
    ).replace("\N{NO-BREAK SPACE}", " ")
    for tag, attrs in seen.tags:
        assert tag != "th" or attrs.get("scope") or attrs.get("aria-hidden")
        assert tag != "a" or attrs.get("href")
    layout = [attrs for tag, attrs in seen.tags if tag == "table" and attrs.get("role") != "presentation"]
    assert len(layout) == 4  # days, tags, peers, sources: the only tables of figures


def test_the_chart_has_few_colours_and_a_gap_where_a_night_failed(busy: Digest, made: Rendered) -> None:
    assert made.png is not None
    picture = Image.open(BytesIO(made.png))
    assert picture.size == (1200, 620) and picture.mode == "P" and len(made.png) < 40_000
    lost = dataclasses.replace(busy.days[-2], mentions=None, status="failed")
    holed = dataclasses.replace(busy, days=(*busy.days[:-2], lost, busy.days[-1]))
    assert render.render(holed, "fr").png != made.png


def test_no_word_of_x_is_mailed(made: Rendered, wire: bytes) -> None:
    assert "SECRET" not in made.html + made.text and b"SECRET" not in wire
    assert "https://x.example.org/" in made.text


def test_the_fiction_of_the_sample_is_said_first(busy: Digest) -> None:
    told = render.render(dataclasses.replace(busy, is_fictional=True), "fr")
    assert "Données fictives" in told.text[:200] and "Données fictives" in told.html


def test_an_address_that_breaks_a_header_is_refused_without_being_repeated() -> None:
    for address in ("a@b\r\nBcc: c@d", "nobody", "a b@c d", "@x"):
        with pytest.raises(ConfigError, match="cannot be written") as refusal:
            dataclasses.replace(ENVELOPE, to=address)
        assert address not in str(refusal.value)
    with pytest.raises(ConfigError, match="RAYONNER_SMTP_FROM"):
        dataclasses.replace(ENVELOPE, sender="x@é\n")


def test_the_page_for_a_browser_holds_its_picture(made: Rendered) -> None:
    assert "cid:" not in shot.standalone(made) and "data:image/png;base64," in shot.standalone(made)
