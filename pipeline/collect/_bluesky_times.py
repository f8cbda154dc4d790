"""When a post of Bluesky was said: its author sets the date, so it is weighed against when the network first saw it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.collect._jetstream_frames import moment_of
from pipeline.collect._moments import moment
from pipeline.errors import MalformedError
from pipeline.model import Window

# How long after a night's end its posts are still listened for: apps that were offline, clocks that are slow.
LATE = timedelta(hours=1)
# An author's date is believed when it is this near to when the network saw the post. A little less than the shortest
# night (23 hours), so that a post between two nights belongs to exactly one of them.
NEAR = timedelta(hours=22)

# A record key is 13 digits of base 32: 53 bits of microseconds, 10 bits of clock (atproto.com/specs/tid).
_DIGITS = {digit: value for value, digit in enumerate("234567abcdefghijklmnopqrstuvwxyz")}
_TID = 13


def written_at(rkey: str) -> datetime | None:
    """The moment that a record key says it was made at; None when it is no timestamp."""
    if len(rkey) != _TID or any(digit not in _DIGITS for digit in rkey) or _DIGITS[rkey[0]] > 15:
        return None
    number = 0
    for digit in rkey:
        number = number << 5 | _DIGITS[digit]
    return moment_of(number >> 10)


def first_seen(created: datetime | None, rkey: str, witnessed: datetime) -> datetime:
    """When a post came into the network: when a server of the stream witnessed it, unless its key is much older.

    An account that moves or is read anew sends its old posts again; their keys are old, as their dates are.
    """
    made = written_at(rkey)
    if made is None or witnessed - made <= NEAR or (created is not None and made < created - NEAR):
        return witnessed
    return made


def first_indexed(rkey: str, indexed: datetime, now: datetime) -> datetime:
    """The same for a post that was searched for: a backdated one is shown as indexed on its author's date."""
    made = written_at(rkey)
    return max(indexed, made) if made is not None and made <= now else indexed


def said_at(given: object) -> datetime | None:
    """The author's date, None when there is none that can be read."""
    try:
        return moment(given)[0]
    except MalformedError:
        return None


def counted_at(created: datetime | None, seen: datetime, window: Window) -> datetime | None:
    """The moment at which a post counts in this window; None when it belongs to another one.

    That is the author's date, never later than `seen`, when it is NEAR and the post came at most LATE after the end of
    its night; else `seen`. Of windows that follow each other, of NEAR or longer, every post counts in exactly one.
    """
    said = min(created, seen) if created is not None and seen - created <= NEAR else seen
    if window.holds(said):
        return said if seen < window.end + LATE else None
    if not window.holds(seen):
        return None
    return None if _told_before(said, seen, window.start) else seen


def _told_before(said: datetime, seen: datetime, start: datetime) -> bool:
    """Whether the night before `start` listened long enough to have this post."""
    return said < start and seen < start + LATE
