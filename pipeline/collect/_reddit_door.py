"""PRAW's way to the network: our own client, so that its timeout, retries and waits are ours and none of prawcore's."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

import praw
import prawcore
import requests
from praw.exceptions import PRAWException
from prawcore.const import ACCESS_TOKEN_PATH

from pipeline.collect import Ask, _hosts
from pipeline.collect._answer import Answer, Meaning
from pipeline.collect._http import Client, user_agent
from pipeline.collect._json import dig
from pipeline.collect._pace import Policy
from pipeline.collect._purse import Cost
from pipeline.collect._refusal import refusal
from pipeline.errors import CredentialError, GoneError, PipelineError, UnavailableError

log = logging.getLogger(__name__)
# At DEBUG prawcore writes what it sends.
logging.getLogger("prawcore").setLevel(logging.WARNING)

SOURCE = "reddit"
BASE = "https://www.reddit.com"
OAUTH = "https://oauth.reddit.com"

# 400, 414: a question it does not take. 403 and 404 are a subreddit that is private, banned or unknown, and a refused
# key: who asked tells them apart.
_MEANS: Meaning = {400: GoneError, 414: GoneError}


# What Python raises where a dict is a list, a key is missing, a thing has no id, or replies nest without end.
_SHAPES = (AttributeError, LookupError, TypeError, ValueError, AssertionError, RecursionError)


class Door(prawcore.Requestor):
    """Sends what prawcore asks for through our client; what failed is raised as an error of pipeline.errors.

    PRAW ignores `timeout=`, and prawcore hands every call a timeout of its own (4.0.0: `prawcore.const.TIMEOUT`, read
    at import), so the one given here is not looked at. prawcore retries and sleeps by the statuses and `x-ratelimit`
    headers it is shown: it is shown neither. Each try takes one request from the purse, for `brands`.
    """

    def __init__(self, client: Client, ask: Ask, *, oauth_url: str, reddit_url: str, user_agent: str) -> None:
        super().__init__(oauth_url=oauth_url, reddit_url=reddit_url, user_agent=user_agent)
        self.brands: Sequence[str] = ()
        self._client = client
        client.toll = lambda: ask.purse.take(Cost(requests=1), self.brands)

    def request(  # type: ignore[override]  # narrower: what prawcore 4 passes, by name
        self,
        method: str,
        url: str,
        *,
        timeout: float | None = None,
        params: Mapping[str, object] | None = None,
        data: Sequence[tuple[str, object]] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: object,
    ) -> requests.Response:
        """The answer to one call of prawcore. A redirect is an unknown subreddit: GoneError."""
        asked = {name: str(value) for name, value in (params or {}).items()}
        told = {**(headers or {}), **_basic(auth)}
        if method.upper() == "GET":
            answer = self._client.get(url, asked, headers=told, means=_MEANS)
        else:
            fields = {name: str(value) for name, value in data or ()}
            answer = self._client.form(url, fields, asked, headers=told, means=_MEANS)
        if urlsplit(answer.url).path.strip("/") != urlsplit(url).path.strip("/"):
            raise GoneError("reddit: sent elsewhere, as for a subreddit it does not know", source=SOURCE)
        if url.endswith(ACCESS_TOKEN_PATH):
            _check_token(answer)
        return _response(answer)

    @property
    def now(self) -> datetime:
        """The moment: when the night started, plus what has passed since."""
        return self._client.now


@contextmanager
def entered(ask: Ask, policy: Policy) -> Iterator[tuple[praw.Reddit, Door]]:
    """PRAW for one night, read-only, with nothing taken from praw.ini or the environment, and the door it uses."""
    base, oauth = ask.base_url or BASE, ask.base_url or OAUTH
    doors: list[Door] = []

    def opened(*, oauth_url: str, reddit_url: str, user_agent: str) -> Door:
        doors.append(Door(client, ask, oauth_url=oauth_url, reddit_url=reddit_url, user_agent=user_agent))
        return doors[-1]

    with Client(ask, SOURCE, base, oauth, policy=policy) as client:
        given: dict[str, Any] = dict.fromkeys(("username", "password", "refresh_token", "redirect_uri"))
        given |= {name: ask.settings.get(f"RAYONNER_REDDIT_{name.upper()}") for name in ("client_id", "client_secret")}
        given |= {"reddit_url": base, "oauth_url": oauth, "short_url": base, "user_agent": user_agent(ask)}
        # A limit of -1 seconds: PRAW never sleeps over a limit that is told in the body.
        given |= {"check_for_updates": False, "check_for_async": False, "ratelimit_seconds": -1}
        reddit = praw.Reddit("DEFAULT", requestor_class=cast(type[Door], opened), **given)
        yield reddit, doors[0]


@contextmanager
def wall() -> Iterator[None]:
    """Let only errors of pipeline.errors out of a block in which PRAW reads answers.

    PRAW trusts the shape of what it reads: from an answer of another shape comes whatever Python raises there. It is
    refused as `unreadable`.
    """
    try:
        yield
    except PipelineError:
        raise
    except (prawcore.PrawcoreException, PRAWException, *_SHAPES) as error:
        log.warning("reddit: PRAW cannot read an answer: %s", type(error).__name__)
        raise refusal("unreadable") from None


def _basic(auth: tuple[str, str] | None) -> dict[str, str]:
    """The key as RFC 7617 has it, for the call that asks for a token."""
    return {"Authorization": "Basic " + base64.b64encode(":".join(auth).encode()).decode("ascii")} if auth else {}


def _check_token(answer: Answer) -> None:
    """Refuse what is no token before prawcore trusts it: an error comes with status 200 there."""
    if dig(answer.said, "error"):
        raise CredentialError("reddit: the key is refused", source=SOURCE)
    known = (("access_token", str), ("expires_in", int), ("scope", str))
    if not all(isinstance(dig(answer.said, name), kind) for name, kind in known):
        raise UnavailableError("reddit: an answer that is no token", source=SOURCE)


def _response(answer: Answer) -> requests.Response:
    """The answer as prawcore reads it: status, body, and no header that it would act upon."""
    response = requests.Response()
    response.status_code, response.url, response.encoding = answer.status, _hosts.bare(answer.url), "utf-8"
    response.raw = BytesIO(answer.body)
    return response
