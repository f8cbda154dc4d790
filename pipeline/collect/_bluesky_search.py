"""Bluesky's search for nights that the stream no longer reaches: one login, its renewal, pages of posts by phrase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pipeline.collect import Ask
from pipeline.collect._answer import Answer, failure, said
from pipeline.collect._bluesky import post
from pipeline.collect._bluesky_times import first_indexed, said_at
from pipeline.collect._http import Client
from pipeline.collect._jetstream_frames import POSTS
from pipeline.collect._json import dig, many
from pipeline.collect._paging import Page, pages
from pipeline.collect._refusal import refusal
from pipeline.errors import CredentialError, GoneError, MalformedError, UnavailableError
from pipeline.model import Post, Window

HANDLE, PASSWORD = "RAYONNER_BLUESKY_HANDLE", "RAYONNER_BLUESKY_PASSWORD"  # names of settings, no secrets

_SEARCH = "/xrpc/app.bsky.feed.searchPosts"
_LOGIN, _REFRESH = "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession"
_PAGE = 100
_MOST_PAGES = 100  # search gives about 10,000 posts a question, and no sign that there were more
_LAPSED = ("ExpiredToken", "InvalidToken")


@dataclass(slots=True)
class Session:
    """A login at `base`, made when it is first needed and kept for the night: logins are counted per day."""

    client: Client
    base: str
    handle: str
    password: str = field(repr=False)
    _access: str = field(default="", repr=False)
    _refresh: str = field(default="", repr=False)

    def get(self, path: str, params: dict[str, str]) -> object:
        """What a GET says. A token that ran out is renewed once. Raises CredentialError for a refused login."""
        if not self._access:
            self.log_in()
        answer = self._asked(path, params)
        if answer.status in (400, 401) and _error(answer) in _LAPSED:
            self._renew()
            answer = self._asked(path, params)
        if error := failure(
            answer, "bluesky", {400: GoneError}, self.client.now
        ):  # a refused question is not the night
            raise error
        return said(answer, "bluesky", "json")

    def log_in(self) -> None:
        """Log in with handle and app password."""
        told = {"identifier": self.handle, "password": self.password}
        answer = self.client.post(self.base + _LOGIN, told, also=(400, 401))
        if answer.status in (400, 401):
            hint = f"set {HANDLE} and {PASSWORD} to an account and its app password"
            raise CredentialError(f"bluesky: the login was refused; {hint}", source="bluesky", status=answer.status)
        self._keep(answer.said)

    def _asked(self, path: str, params: dict[str, str]) -> Answer:
        url = f"{self.base}{path}?{urlencode(params)}"
        told = {"authorization": f"Bearer {self._access}"}
        return self.client.get(url, headers=told, also=(400, 401))

    def _renew(self) -> None:
        told = {"authorization": f"Bearer {self._refresh}"}
        answer = self.client.post(self.base + _REFRESH, None, headers=told, also=(400, 401))
        if answer.status in (400, 401):
            self.log_in()
        else:
            self._keep(answer.said)

    def _keep(self, told: object) -> None:
        access, refresh = dig(told, "accessJwt"), dig(told, "refreshJwt")
        if not isinstance(access, str) or not isinstance(refresh, str):
            raise UnavailableError("bluesky: a login without tokens", source="bluesky")
        self._access, self._refresh = access, refresh


def searched(session: Session, phrase: str, window: Window, ask: Ask) -> Iterator[Post]:
    """The posts of the window that the search finds for a phrase, newest first, each once a phrase.

    The search is no full archive: it gives some 10,000 posts a question, which is marked (`endless_pages`), and two
    equal questions may differ. Date and words are checked here, for not every server honours them.
    """
    asked = {
        "q": phrase,
        "sort": "latest",
        "limit": str(_PAGE),
        "since": window.start.isoformat().replace("+00:00", "Z"),
        "until": window.end.isoformat().replace("+00:00", "Z"),
    }

    def turn(cursor: str) -> Page[list[object]]:
        told = session.get(_SEARCH, {**asked, "cursor": cursor} if cursor else asked)
        if not isinstance(dig(told, "posts"), list):
            raise UnavailableError("bluesky: an answer without its list", source="bluesky")
        views, following = many(told, "posts"), dig(told, "cursor")
        mark = tuple(str(dig(view, "uri")) for view in views) or None
        return Page(views, following if isinstance(following, str) and following and views else None, mark)

    for views in pages(ask, "", turn, _MOST_PAGES):
        for view in views:
            try:
                if found := _read(view, window, ask):
                    yield found
            except MalformedError as error:
                ask.skip(error.reason)


def _read(view: object, window: Window, ask: Ask) -> Post | None:
    """The post that a found view shows; None for one of another window, or without words of ours."""
    uri, told, indexed = dig(view, "uri"), dig(view, "record"), said_at(dig(view, "indexedAt"))
    if not isinstance(uri, str) or not isinstance(told, dict) or indexed is None:
        raise refusal("not_a_post")
    did, kind, rkey = (*uri.removeprefix("at://").split("/"), "", "")[:3]
    if kind != POSTS or not rkey or len(rkey) > 512:
        raise refusal("not_a_post")
    text = told.get("text")
    if not ask.plausible(text if isinstance(text, str) else ""):
        return None
    found = post(did, rkey, told, first_indexed(rkey, indexed, ask.now), window, ask)
    if found is None:
        ask.skip("outside_window")
    return found


def _error(answer: Answer) -> str:
    try:
        return str(dig(said(answer, "bluesky", "json"), "error"))
    except UnavailableError:
        return ""
