"""How long a platform asks us to wait, in every form its headers say it: pure functions of headers and a moment."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# X says x-rate-limit-, GitHub's heirs x-ratelimit-, the IETF draft and Bluesky ratelimit-.
_RESETS = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")
_REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
# The newer IETF drafts: `RateLimit: limit=100, remaining=0, reset=30` and `RateLimit: "default";r=0;t=30`.
_IN_ONE = re.compile(r"(?:^|[\s,;])(remaining|reset|r|t)=(\d{1,12})")

# A number of seconds below this is a delay (115 days at most), above it a Unix time, above 1e11 in milliseconds.
_DELAYS_END = 1e7
_SECONDS_END = 1e11


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait from Retry-After, else from a reset header; None when neither can be read.

    `headers` have names in lower case. Moments are compared with the answer's own Date where it has one, so that a
    clock that differs from ours does no harm, else with `now` (with a zone). A reset in the past is 0.0.
    """
    here = _http_date(headers.get("date", "")) or now
    if (wait := _seconds(headers.get("retry-after", ""), here)) is not None:
        return wait
    for name in _RESETS:
        if (wait := _seconds(headers.get(name, ""), here)) is not None:
            return wait
    told = _in_one(headers)
    return _seconds(told.get("reset") or told.get("t") or "", here)


def is_spent(headers: Mapping[str, str]) -> bool:
    """Whether the answer says that no request remains in its rate window."""
    told = _in_one(headers)
    said = [headers.get(name, "") for name in _REMAINING] + [told.get("remaining", ""), told.get("r", "")]
    return any(_number(text) == 0 for text in said)


def backoff(attempt: int, base_s: float, cap_s: float, chance: float) -> float:
    """Full jitter: a uniform draw between 0 and min(cap, base x 2^(attempt - 1)) seconds, `attempt` from 1.

    As in "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: of the forms compared there it ends soonest.
    """
    return min(cap_s, base_s * 2.0 ** min(attempt - 1, 60)) * chance


def _seconds(text: str, here: datetime) -> float | None:
    """A delay, a Unix time, an HTTP date or an ISO 8601 moment as seconds from `here`, never negative."""
    text = text.strip()[:64]
    if not text:
        return None
    if (number := _number(text)) is not None:
        if number < _DELAYS_END:
            return max(0.0, number)
        return max(0.0, number / (1.0 if number < _SECONDS_END else 1e3) - here.timestamp())
    moment = _iso(text) or _http_date(text)
    return None if moment is None else max(0.0, (moment - here).total_seconds())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_one(headers: Mapping[str, str]) -> dict[str, str]:
    return dict(_IN_ONE.findall(headers.get("ratelimit", "")[:500]))
