"""YouTube's Data API v3 over the polite client: a page of a list, what it cost in quota, and what a refusal means.

Plain REST: of Google's client we would use three addresses, and bring along its own timeouts and retries. The key
travels in a header, so that no address, log or error holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.collect import Ask
from pipeline.collect._answer import Answer, ByBody, Meaning, said
from pipeline.collect._hosts import bare
from pipeline.collect._http import Client
from pipeline.collect._json import Json, dig, many
from pipeline.collect._pace import Policy
from pipeline.collect._paying import paying, times
from pipeline.collect._purse import Cost
from pipeline.collect._waits import asked_wait
from pipeline.errors import (
    CredentialError,
    GoneError,
    MalformedError,
    PipelineError,
    RateLimitedError,
    SchemaError,
    SkippableError,
    UnavailableError,
)

SOURCE = "youtube"
BASE = "https://www.googleapis.com"

# NOTE (2026-11): a search takes one of 100 calls a day and no unit; any other list takes one unit of 10,000 a day.
# A search is counted as 100 units, its price before it had a bucket of its own: a hundredth of a day either way.
SEARCH = Cost(requests=1, units=100)
LIST = Cost(requests=1, units=1)

_PACIFIC = ZoneInfo("America/Los_Angeles")  # where YouTube's day begins
_SPENT = {"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}
_GONE = {"videoNotFound", "commentThreadNotFound", "commentNotFound", "channelNotFound", "notFound"}


class _SpentError(SkippableError):
    """A quota is used up. Searches have their own, so the client must neither try again nor leave the host alone."""


@dataclass(frozen=True, slots=True)
class Api:
    """What is asked of YouTube in one night."""

    client: Client
    ask: Ask

    def page(self, kind: str, params: Mapping[str, str], cost: Cost, brands: Sequence[str] = ()) -> Json:
        """One page of a list, an object whose `items` is a list. Every try costs, refused ones as well.

        Raises RateLimitedError for a spent quota, with the seconds to its end; GoneError for what is not there, its
        reason `comments_disabled` where comments are closed; CredentialError for a key that is refused.
        """
        tries, before = self.client.patience.policy.tries, self.ask.asked
        with paying(self.ask, times(cost, tries), brands) as bill:
            try:
                answer = self.client.get(f"/youtube/v3/{kind}", params, expect=_listed, means=self._means())
            except _SpentError as spent:
                wait = until_reset(self.client.now)
                raise RateLimitedError(str(spent), source=SOURCE, status=spent.status, retry_after=wait) from None
            finally:
                bill.cost = bill.refused = bill.lost = times(cost, self.ask.asked - before)
        found: Json = answer.said  # type: ignore[assignment]
        return found

    def _means(self) -> Meaning:
        refused = ByBody(lambda answer: _refusal(answer, self.client.now))
        return {400: refused, 403: refused, 404: refused, 429: refused}


@contextmanager
def entered(ask: Ask, policy: Policy) -> Iterator[Api]:
    """The API for one night. Raises CredentialError without a key that could be one."""
    key = ask.settings.get("RAYONNER_YOUTUBE_KEY", "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise CredentialError("youtube: set RAYONNER_YOUTUBE_KEY to an API key", source=SOURCE)
    with Client(ask, SOURCE, ask.base_url or BASE, policy=policy, headers={"x-goog-api-key": key}) as client:
        yield Api(client, ask)


def until_reset(now: datetime) -> float:
    """Seconds from `now` (with a zone) to the next midnight in California, when the quota is full again."""
    tomorrow = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return (datetime.combine(tomorrow, time.min, _PACIFIC).astimezone(UTC) - now).total_seconds()


def _refusal(answer: Answer, now: datetime) -> PipelineError:
    """What a refusal means, by the reason in its body: one status says several things."""
    reasons, where = _reasons(answer), bare(answer.url)
    facts: dict[str, Any] = {"source": SOURCE, "url": where, "status": answer.status}
    if reasons & _SPENT:
        told = "youtube: the quota of the day is used up; it is full again at midnight in California"
        return _SpentError(told, **facts)
    if reasons & _TOO_FAST or answer.status == 429:
        wait = asked_wait(answer.headers, now)
        return RateLimitedError("youtube: asked to slow down", retry_after=wait, **facts)
    if "commentsDisabled" in reasons:
        closed = GoneError("youtube: comments are closed", **facts)
        closed.reason = "comments_disabled"
        return closed
    if reasons & _GONE or answer.status == 404:
        return GoneError("youtube: not there", **facts)
    if answer.status == 400 and not any(one == "keyInvalid" or one.startswith("API_KEY") for one in reasons):
        return SchemaError(f"youtube: a question it does not take, at {where}", **facts)
    told = "youtube: the key is refused: renew RAYONNER_YOUTUBE_KEY, and allow it the YouTube Data API v3"
    return CredentialError(told, **facts)


def _reasons(answer: Answer) -> set[str]:
    """The reasons an error gives, in the older list and in the newer details."""
    try:
        error = dig(said(answer, SOURCE, "json"), "error")
    except (UnavailableError, MalformedError):
        return set()
    return {str(dig(one, "reason")) for one in (*many(error, "errors"), *many(error, "details")) if dig(one, "reason")}


def _listed(answer: Answer) -> Json:
    """The object of a list. Raises UnavailableError for anything else: silence must not look like nothing."""
    found = said(answer, SOURCE, "json")
    if isinstance(found, dict) and isinstance(found.get("items"), list):
        return found
    where = bare(answer.url)
    raise UnavailableError(f"youtube: no list from {where}", source=SOURCE, url=where, status=answer.status)
