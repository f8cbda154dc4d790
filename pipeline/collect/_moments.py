"""Dates from outside, in the many ways platforms and exports write them, turned into moments with a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

from pipeline.collect._refusal import refusal

# The web is younger; an earlier date is a default value or an attack (year 0001 exists on Bluesky).
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_V1 = "%a %b %d %H:%M:%S %z %Y"  # X API v1.1: Wed Aug 27 13:08:45 +0000 2008


def moment(given: object, zone: tzinfo = UTC, form: str | None = None) -> tuple[datetime, bool]:
    """A moment in UTC, and whether its zone had to be assumed (`zone`). `form` is a strptime format.

    Takes ISO 8601, RFC 2822, X's v1.1 form, and Unix seconds, milliseconds or microseconds as numbers or digits.
    Raises MalformedError `bad_date`.
    """
    try:
        found = _any(given, form)
        assumed = found.tzinfo is None
        return (found.replace(tzinfo=zone) if assumed else found).astimezone(UTC), assumed
    except (ValueError, OverflowError, TypeError, IndexError, OSError) as error:
        raise refusal("bad_date") from error


def _any(given: object, form: str | None) -> datetime:
    if isinstance(given, datetime):
        return given
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError("not a date")
    if not isinstance(given, str):
        return _unix(float(given))
    text = given.strip()[:64]  # the longest form above has 31 characters
    if form:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is given by the caller
    number = text.removesuffix(".0")
    # Eight digits are a calendar day (20260105), nine and more are Unix time since 1973.
    if number.isdecimal() and len(number) > 8:
        return _unix(float(number))
    return _written(text)


def _written(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, _V1)  # noqa: DTZ007 - the form has its zone
    except ValueError:
        return parsedate_to_datetime(text)


def _unix(number: float) -> datetime:
    """Seconds until 1e11 (year 5138), then milliseconds, then microseconds."""
    for scale in (1.0, 1e3, 1e6):
        if abs(number) < 1e11 * scale:
            return datetime.fromtimestamp(number / scale, UTC)
    raise ValueError("not a Unix time")


@lru_cache(maxsize=4096)  # a file has few days and many lines
def day_end(text: str) -> datetime | None:
    """The last second of the UTC day written YYYY-MM-DD; None if it is not written so."""
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
    except ValueError:
        return None
