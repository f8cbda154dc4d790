"""A feed's bytes read without trust: RSS, Atom and JSON Feed become headlines with their link and their date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import feedparser

from pipeline.collect import _hosts
from pipeline.collect._answer import Answer
from pipeline.collect._html import plain
from pipeline.collect._json import dig, many
from pipeline.collect._moments import moment
from pipeline.collect._refusal import refusal
from pipeline.errors import MalformedError, UnavailableError

# What parts of an address say where the reader came from, not what is read.
_TRACKERS = re.compile(r"(?:utm_.*|xtor|xtref|at_(?:medium|campaign|platform)|fbclid|gclid|mc_[ce]id|origine?|ns_.*)$")

# Feeds made by hand, or by a server set to French, write "lun., 12 janv. 2026"; mail dates know English only.
_FRENCH = dict(
    zip(
        ("jan", "fév", "fev", "mar", "avr", "mai", "juin", "juil", "aoû", "aou", "sep", "oct", "nov", "déc", "dec"),
        ("Jan", "Feb", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Aug", "Sep", "Oct", "Nov", "Dec", "Dec"),
        strict=True,
    )
)
_MONTH = re.compile(rf"\b({'|'.join(_FRENCH)})[^\W\d_]*\.?", re.IGNORECASE)
_DAY = re.compile(r"^\s*[^\W\d_]{2,9}\.?\s*,?\s+(?=\d)")
# Not among the zones of mail dates (RFC 2822), and common in Europe.
_ZONES = {"CET": "+0100", "CEST": "+0200", "WEST": "+0100", "EEST": "+0300"}
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})\s*$")

# The name of the first element, after whatever may stand before it, however long; possessive, so in linear time.
_ROOT = re.compile(
    rb"(?:[\xef\xbb\xbf\xfe\xff\s]++|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*+(?:\[.*?\]\s*+)?>)*+<([a-z_][\w.:-]*+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """One entry: its title as text, its address, the same without what differs from feed to feed (its id), and its date
    as written (None: not dated).
    """

    title: str
    link: str
    id: str
    written: str | None


def headlines(answer: Answer, address: str) -> list[Headline | MalformedError]:
    """The entries of a feed, each a headline or the reason why it is none (`no_text`, `bad_address`).

    `address` is the feed's, to which relative links are joined. Raises MalformedError `no_feed` where the answer is
    none, `html_page` where it is a page for people.
    """
    found = list(_json_entries(answer) if _is_json(answer) else _xml_entries(answer))
    return [_headline(title, link, written, address) for title, link, written in found]


def whole(answer: Answer) -> None:
    """Raise UnavailableError for an empty body, and for XML that begins as a feed and does not end as one.

    A parser of broken feeds would read the beginning and lose the rest without a word.
    """
    if not answer.body.strip():
        raise UnavailableError("rss: an empty answer", source="rss", status=answer.status)
    body = answer.body.replace(b"\0", b"").lower()  # UTF-16 becomes readable enough for a name
    root = _ROOT.match(body)
    if root and root[1].rpartition(b":")[2] in (b"rss", b"feed", b"rdf") and b"</" + root[1] not in body:
        raise UnavailableError("rss: a feed that is cut short", source="rss", status=answer.status)


def when(written: str) -> tuple[datetime, bool]:
    """The moment an entry's date means, in UTC, and whether its zone had to be assumed. Raises MalformedError."""
    text = _ZONE.sub(lambda m: _ZONES[m[1]], written.strip()[:64])
    try:
        return moment(text)
    except MalformedError:
        return moment(_MONTH.sub(lambda m: _FRENCH[m[1].lower()], _DAY.sub("", text)))


def canonical(link: str) -> str:
    """One address for one article: https, no fragment, no trackers, host in lower case. Raises ValueError."""
    parts = urlsplit(link)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKERS.match(name.lower())]
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port not in (None, 80, 443) else "")
    return urlunsplit(("https", host, parts.path.replace(" ", "%20") or "/", urlencode(kept), ""))


_Entry = tuple[object, object, object]


def _is_json(answer: Answer) -> bool:
    return "json" in answer.kind or answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _json_entries(answer: Answer) -> Iterator[_Entry]:
    """JSON Feed 1.0 and 1.1."""
    try:
        feed = json.loads(answer.text)
    except (ValueError, RecursionError) as error:
        raise refusal("no_feed") from error
    if "jsonfeed.org" not in str(dig(feed, "version"))[:200]:
        raise refusal("no_feed")
    for entry in many(feed, "items"):
        dated = dig(entry, "date_published") or dig(entry, "date_modified")
        yield dig(entry, "title"), dig(entry, "url") or dig(entry, "external_url"), dated


def _xml_entries(answer: Answer) -> Iterator[_Entry]:
    told = {"content-type": answer.headers.get("content-type", "application/xml")}
    try:
        # Neither cleaned nor joined there: that is done here, in linear time.
        feed = feedparser.parse(
            BytesIO(answer.body), response_headers=told, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # a parser of anything may raise anything: the feed is refused, and counted
        raise refusal("no_feed") from error
    if not feed.get("version") and not feed.entries:  # an empty body has no version at all
        raise refusal("html_page" if b"<html" in answer.body[:2000].lower() else "no_feed")
    for entry in feed.entries:
        yield entry.get("title"), entry.get("link"), entry.get("published") or entry.get("updated")


def _headline(title: object, link: object, written: object, address: str) -> Headline | MalformedError:
    text = " ".join(plain(title).split()) if isinstance(title, str) else ""
    if not text:
        return refusal("no_text")
    try:
        whole = _hosts.parts(urljoin(address, link.strip() if isinstance(link, str) else "javascript:")).geturl()
        return Headline(
            text, whole, canonical(whole), written if isinstance(written, str) and written.strip() else None
        )
    except (ValueError, MalformedError):
        return refusal("bad_address")
