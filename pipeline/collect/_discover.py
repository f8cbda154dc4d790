"""The feeds a web page announces, or links to: for whoever knows a site and looks for its feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from pipeline.collect import Ask, _hosts
from pipeline.collect._feed import headlines
from pipeline.collect._http import Client
from pipeline.errors import MalformedError

_TAG = re.compile(r"<(link|a)\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
_LOOKS = re.compile(r"(?:[/.](?:rss|atom|feed|feeds)(?:[/.?]|$)|\.rdf$)", re.IGNORECASE)
_MOST = 20  # a page of a newspaper lists one feed a section; the first are the general ones


def discover(url: str, ask: Ask) -> list[str]:
    """The feeds of a site, from its page at `url`, announced ones first; `[url]` when it is a feed itself.

    Addresses only, none of them tried. Raises the errors of the client.
    """
    with Client(ask, "rss", *([ask.base_url] if ask.base_url else [])) as client:
        answer = client.get(url, expect="text")
    try:
        headlines(answer, answer.url)
        return [url]
    except MalformedError:
        return links(answer.text, answer.url)


def links(html: str, address: str) -> list[str]:
    """The addresses of feeds in a page: `<link rel="alternate">` of a feed's type, then links that look like feeds."""
    announced, linked = [], []
    for name, given in _tags(html):
        found = _address(address, given["href"])
        if not found:
            continue
        if name == "link" and given.get("type", "").lower() in _TYPES and "alternate" in given.get("rel", "").lower():
            announced.append(found)
        elif name == "a" and _LOOKS.search(given["href"]):
            linked.append(found)
    return list(dict.fromkeys(announced + linked))[:_MOST]


def _tags(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(html):
        given = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag[2])}
        if given.get("href"):
            yield tag[1].lower(), given


def _address(page: str, href: str) -> str | None:
    try:
        return _hosts.parts(_hosts.joined(page, href)).geturl()
    except MalformedError:
        return None
