"""One message of Jetstream read without trust, on the new wire and on the old; most of them are dropped unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from pipeline.collect._json import dig
from pipeline.collect._refusal import refusal

POSTS = "app.bsky.feed.post"

Kind = Literal["create", "update", "delete", "account", "sync", "other"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TEXT, _CREATED = b'"text":"', b'"operation":"create"'
_OPERATIONS: dict[object, Kind] = {"create": "create", "update": "update", "delete": "delete"}
_KINDS: dict[object, Kind] = {"account": "account", "sync": "sync"}
_LATEST = 253_402_300_799_999_999  # the last microsecond of the year 9999, the end of Python's calendar


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one account: `at` is when the server saw it, in microseconds of Unix time.

    `kind` "create", "update" and "delete" are of the post `rkey`, whose fields are `told` (None for a delete);
    "account" has `status` (None: it is there again); "sync" says that the account must be read anew.
    """

    at: int
    did: str
    kind: Kind
    rkey: str = ""
    told: dict[str, object] | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a server says of the stream itself: `fatal` when it closes after it. `name` as in the lexicon."""

    name: str
    fatal: bool


def wanted(frame: bytes, plausible: Callable[[str], bool]) -> bool:
    """Whether a message must be read as a whole: False for a new post in whose text nothing is plausible.

    A test on the bytes: a network's posts pass here, some hundredths of them go further. Every `text` is looked at,
    wherever it lies, so that nothing is hidden by another; what is no new post is always read.
    """
    at = frame.find(_TEXT)
    # What is done is told before the post; where it is not, the whole is read.
    if at < 0 or frame.find(_CREATED, 0, at) < 0:
        return True
    while at >= 0:
        start = at + len(_TEXT)
        end = frame.find(b'"', start)
        text: bytes | None = frame[start:end]
        if text and b"\\" in text:
            end = _end_of_string(frame, start)
            text = _unescaped(frame[start - 1 : end + 1])
        if end < 0 or text is None or plausible(text.decode("utf-8", "replace")):
            return True
        at = frame.find(_TEXT, end)
    return False


def _end_of_string(frame: bytes, start: int) -> int:
    """Where the quote is that ends a string: one before which stands an even number of backslashes; -1 for none."""
    end = frame.find(b'"', start)
    while end >= 0:
        before = frame[start:end]
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            return end
        end = frame.find(b'"', end + 1)
    return -1


def _unescaped(quoted: bytes) -> bytes | None:
    """The text of a JSON string, None for one that is broken."""
    try:
        return msgspec.json.decode(quoted, type=str).encode()
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def read(frame: bytes) -> Event | Notice:
    """What a message says. Raises MalformedError `not_json` or `not_an_event`."""
    try:
        told = msgspec.json.decode(frame)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise refusal("not_json") from None
    if dig(told, "$type") == "error":
        return Notice(str(dig(told, "error"))[:64], fatal=True)
    if dig(told, "$type") == "message":
        return _new(dig(told, "payload"))
    return _old(told)


def _new(told: object) -> Event | Notice:
    """A message of `network.bsky.jetstream.subscribeEvents` (its lexicon, August 2026)."""
    kind = str(dig(told, "$type")).rpartition("#")[2]
    if kind == "info":
        return Notice(str(dig(told, "name"))[:64], fatal=False)
    # `time` may be set by an operator's import; cursors are compared with the moment of witness.
    at = _microseconds(dig(told, "witnessedAt") or dig(told, "time"))
    return _event(at, told, kind, told, dig(told, "account"))


def _old(told: object) -> Event:
    """A message of `/subscribe`."""
    at = dig(told, "time_us")
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at <= _LATEST:
        raise refusal("not_an_event")
    return _event(at, told, str(dig(told, "kind")), dig(told, "commit"), dig(told, "account"))


def _event(at: int, told: object, kind: str, commit: object, account: object) -> Event:
    did = dig(told, "did")
    if not isinstance(did, str) or not did.startswith("did:") or len(did) > 256:
        raise refusal("not_an_event")
    if kind == "commit":
        return _commit(at, did, commit)
    if kind == "account":
        active = dig(account, "active")
        return Event(at, did, "account", status=None if active is True else str(dig(account, "status"))[:32])
    return Event(at, did, _KINDS.get(kind, "other"))


def _commit(at: int, did: str, commit: object) -> Event:
    operation, rkey, told = dig(commit, "operation"), dig(commit, "rkey"), dig(commit, "record")
    if dig(commit, "collection") != POSTS:
        return Event(at, did, "other")
    if not isinstance(rkey, str) or not 0 < len(rkey) <= 512 or operation not in _OPERATIONS:
        raise refusal("not_an_event")
    if operation != "delete" and not isinstance(told, dict):
        raise refusal("not_an_event")
    return Event(at, did, _OPERATIONS[operation], rkey, told if isinstance(told, dict) else None)


def _microseconds(given: object) -> int:
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise refusal("not_an_event")
    return microseconds(moment)


def microseconds(moment: datetime) -> int:
    """A moment (with a zone) as microseconds of Unix time, the cursor of both wires."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(at: int) -> datetime:
    """The moment, in UTC, of microseconds of Unix time."""
    return _EPOCH + timedelta(microseconds=at)
