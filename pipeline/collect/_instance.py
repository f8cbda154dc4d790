"""One server that speaks Mastodon's API, asked for one night: what it lets be read, a tag's timeline, its search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from pipeline.collect import Ask, _fediverse
from pipeline.collect._http import Client
from pipeline.collect._json import dig
from pipeline.collect._moments import moment
from pipeline.collect._paging import Page, pages
from pipeline.errors import CredentialError, GoneError, MalformedError, UnavailableError
from pipeline.model import Post, Window

_PAGE = 40  # the most a server gives

# A tag or a question a server does not take is one question lost, not the night.
_REFUSED = {400: GoneError, 422: GoneError}


@dataclass(slots=True)
class Server:
    """One server during one night: its address, its token, and the highest id seen for each tag."""

    base: str
    token: str | None
    local_only: bool = False
    highest: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Its name, with the port where it has one."""
        return urlsplit(self.base).netloc

    @property
    def headers(self) -> dict[str, str]:
        """What tells the server who asks."""
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


def enter(client: Client, server: Server, ask: Ask) -> None:
    """Ask what the server lets be read (Mastodon 4.5 and later say). Raises CredentialError where that is nothing."""
    answer = client.get(f"{server.base}/api/v2/instance", headers=server.headers, also=(404,))
    feeds = dig(answer.said, "configuration", "timelines_access", "hashtag_feeds")
    if not isinstance(feeds, dict):
        return
    readable = {"public", "authenticated"} if server.token else {"public"}
    if feeds.get("remote") in readable:
        return
    if feeds.get("local") not in readable:
        raise CredentialError(f"mastodon: {server.host} shows no hashtag timeline without a token", source="mastodon")
    server.local_only = True
    ask.hint("local_only")


def tagged(client: Client, server: Server, tag: str, window: Window, ask: Ask) -> Iterator[Post]:
    """A hashtag's posts, walked back from the newest, past days skipped in one step where ids allow it."""
    url = f"{server.base}/api/v1/timelines/tag/{quote(tag, safe='')}"

    def turn(max_id: str) -> Page[list[object]]:
        params = {"limit": str(_PAGE), **({"max_id": max_id} if max_id else {})}
        params |= {"local": "true"} if server.local_only else {}
        answer = client.get(url, params, headers=server.headers, means=_REFUSED)
        statuses = _list(answer.said)
        if not max_id and statuses and isinstance(own := dig(statuses[0], "id"), str):
            server.highest[tag] = own
        created = _created(statuses)
        if created and max(created) < window.start:
            return Page(statuses, None)
        following = _fediverse.older(answer.headers.get("link"), statuses)
        skipped = _fediverse.leap(statuses, created, window.end) if following else None
        return Page(statuses, skipped or following, _mark(statuses))

    for statuses in pages(ask, "", turn):
        yield from _inside(statuses, server, window, ask)


def searched(client: Client, server: Server, text: str, window: Window, ask: Ask) -> Iterator[Post]:
    """What a server's search finds for a phrase around the window; `after:` and `before:` exclude their day."""
    days = (window.start - timedelta(days=1), window.end + timedelta(days=1))
    dated = f"{text} after:{days[0]:%Y-%m-%d} before:{days[1]:%Y-%m-%d}"

    def turn(offset: str) -> Page[list[object]]:
        params = {"q": dated, "type": "statuses", "limit": str(_PAGE), "offset": offset}
        answer = client.get(f"{server.base}/api/v2/search", params, headers=server.headers, means=_REFUSED)
        statuses = _list(dig(answer.said, "statuses") or [])  # some servers answer null
        following = str(int(offset) + _PAGE) if len(statuses) >= _PAGE else None
        return Page(statuses, following, _mark(statuses))

    for statuses in pages(ask, "0", turn):
        yield from _inside(statuses, server, window, ask)


def _inside(statuses: list[object], server: Server, window: Window, ask: Ask) -> Iterator[Post]:
    for status in statuses:
        try:
            found = _fediverse.post(status, server.host, ask)
        except MalformedError as error:
            ask.skip(error.reason)
            continue
        if window.holds(found.created_at):
            yield found


def _list(said: object) -> list[object]:
    if not isinstance(said, list):
        raise UnavailableError("mastodon: an answer is no list of posts", source="mastodon")
    return said


def _created(statuses: list[object]) -> list[datetime]:
    """The moments of a page's posts, those that can be read."""
    found = []
    for status in statuses:
        with suppress(MalformedError):
            found.append(moment(dig(status, "created_at"))[0])
    return found


def _mark(statuses: list[object]) -> tuple[str, ...] | None:
    return tuple(str(dig(status, "id")) for status in statuses) or None
