"""X's API v2 through tweepy, whose requests travel over the polite client: its timeout, its retries, its waits.

tweepy sets no timeout, waits in a hot loop where a limit tells no end, and writes key and text to its debug log. Here
it names routes and parameters; it is shown neither the key, nor an answer's text, nor an answer that failed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from pipeline.collect import Ask
from pipeline.collect._answer import Answer, ByBody, said
from pipeline.collect._hosts import bare
from pipeline.collect._http import Client
from pipeline.collect._json import Json, dig, many
from pipeline.collect._pace import POLITE, Policy
from pipeline.collect._xanswers import concerns_a_post
from pipeline.collect._xterms import SOURCE, Plan
from pipeline.errors import ConfigError, CredentialError, PipelineError, UnavailableError

if TYPE_CHECKING:
    import requests

BASE = "https://api.x.com"

_POST_FIELDS = [
    *("author_id", "created_at", "lang", "public_metrics", "entities", "withheld"),
    *("referenced_tweets", "note_tweet", "edit_history_tweet_ids"),
]
_USER_FIELDS = ["username", "location", "public_metrics"]
_AGAIN_FIELDS = ["public_metrics", "withheld"]

# NOTE (2026-08): X's OpenAPI file 2.167 says post where tweepy says tweet; its live API took both (seen 2026-09).
_RENAMED = MappingProxyType({"tweet.fields": "post.fields"})
_RENAMED_FIELDS = MappingProxyType(
    {
        "referenced_tweets": "referenced_posts",
        "note_tweet": "note_post",
        "edit_history_tweet_ids": "edit_history_post_ids",
    }
)

_CURES = {
    401: "the bearer is refused: renew RAYONNER_X_BEARER",
    402: "no credit left: buy some in X's developer console, or wait for the next billing cycle",
    403: "the plan or the app does not allow this: compare RAYONNER_X_PLAN with X's developer console",
}


class Api:
    """What is asked of X: every answer is the JSON object it said, in X's old or new words."""

    def __init__(self, client: Client, plan: Plan, words: str) -> None:
        # Imported here: every command that looks at the sources' terms would wait for them.
        import requests
        import tweepy

        self.plan = plan
        self.tries = client.patience.policy.tries
        # The key is in the client's headers, where it goes to X's host only and no log of tweepy's can print it.
        self._tweepy = tweepy.Client("kept by the client", return_type=requests.Response)
        self._tweepy.session.trust_env = False  # no key from a netrc file
        self._tweepy.session.adapters.clear()
        self._tweepy.session.mount("https://", _Carrier(client, words))

    def search(self, question: str, start: datetime, end: datetime, most: int, token: str) -> Json:
        """A page of at most `most` posts, the newest first, with their authors; an empty `token` is the first page."""
        call = self._tweepy.search_all_tweets if self.plan.archive else self._tweepy.search_recent_tweets
        fields = {"tweet_fields": _POST_FIELDS, "user_fields": _USER_FIELDS, "expansions": ["author_id"]}
        span = {"start_time": start, "end_time": end}
        return _heard(call(question, max_results=most, next_token=token or None, **span, **fields))

    def count(self, question: str, start: datetime, end: datetime, token: str = "") -> Json:
        """How many posts there are, by day."""
        span: dict[str, object] = {"start_time": start, "end_time": end, "granularity": "day"}
        if self.plan.archive:
            return _heard(self._tweepy.get_all_tweets_count(question, next_token=token or None, **span))
        return _heard(self._tweepy.get_recent_tweets_count(question, **span))

    def again(self, post_ids: Sequence[str]) -> Json:
        """The counts of at most 100 known posts; those that X no longer shows are in `errors`, or not there."""
        return _heard(self._tweepy.get_tweets(list(post_ids), tweet_fields=_AGAIN_FIELDS))


@contextmanager
def entered(ask: Ask, plan: Plan, policy: Policy = POLITE) -> Iterator[Api]:
    """The API for one night. Raises CredentialError without a bearer, ConfigError for words X does not speak."""
    bearer = ask.settings.get("RAYONNER_X_BEARER", "").strip()
    words = ask.settings.get("RAYONNER_X_WORDS", "").strip().lower() or "tweet"
    if words not in ("tweet", "post"):
        raise ConfigError(f"x: RAYONNER_X_WORDS is {words!r}: write tweet or post", source=SOURCE)
    if not bearer or not bearer.isascii() or not bearer.isprintable():
        raise CredentialError("x: set RAYONNER_X_BEARER to your app's bearer token", source=SOURCE)
    headers = {"authorization": f"Bearer {bearer}"}
    policy = replace(policy, gap_s=plan.gap_s)
    with Client(ask, SOURCE, ask.base_url or BASE, policy=policy, headers=headers) as client:
        yield Api(client, plan, words)


class _Carrier:
    """What a requests session sends through: ours is the polite client, whatever host tweepy believes it asks."""

    def __init__(self, client: Client, words: str) -> None:
        self._client = client
        self._words = words

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        """The answer, its JSON in `said` and its body left out."""
        asked = urlsplit(str(request.url))
        params = dict(self._named(name, value) for name, value in parse_qsl(asked.query))
        means = {status: ByBody(_refused) for status in _CURES}
        return _shown(self._client.get(asked.path, params, expect=_page, means=means))

    def close(self) -> None:
        """Nothing: the client is closed by who made it."""

    def _named(self, name: str, value: str) -> tuple[str, str]:
        """A parameter in the words that X is told to be spoken to in."""
        if self._words == "tweet" or name not in _RENAMED:
            return name, value
        return _RENAMED[name], ",".join(_RENAMED_FIELDS.get(field, field) for field in value.split(","))


def _shown(answer: Answer) -> requests.Response:
    """An answer without its body: tweepy makes a line of its log of it, whether or not that is written."""
    import requests

    response: Any = requests.Response()
    response.status_code, response.url = answer.status, bare(answer.url)
    response._content, response._content_consumed = b"", True
    response.said = answer.said
    return response  # type: ignore[no-any-return]


def _heard(response: Any) -> Json:  # noqa: ANN401 - tweepy has no types
    found: Json = response.said
    return found


def _page(answer: Answer) -> Json:
    """The JSON object of an answer. Raises UnavailableError for one that is none, or that holds only errors of X's own.

    X says 200 with nothing but `errors` in trouble. Errors that name a post are an answer about that post.
    """
    told = said(answer, SOURCE, "json")
    if isinstance(told, dict) and (
        isinstance(told.get("data"), list | dict)
        or dig(told, "meta", "result_count") == 0
        or any(concerns_a_post(one) for one in many(told, "errors"))
    ):
        return told
    where = bare(answer.url)
    raise UnavailableError(f"x: an answer without posts from {where}", source=SOURCE, url=where, status=answer.status)


def _refused(answer: Answer) -> PipelineError:
    where = bare(answer.url)
    return CredentialError(f"x: {_CURES[answer.status]}", source=SOURCE, url=where, status=answer.status)


# Its log lines hold the text of posts when somebody turns debugging on for everything.
logging.getLogger("tweepy").setLevel(logging.WARNING)
