"""What is remembered of each feed from night to night, in the source's cursor: its version, its address, its health."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from pipeline.collect._moments import moment
from pipeline.errors import MalformedError
from pipeline.model import Window

# A publisher repairs a feed within days or never; after a week it is called dead and no longer makes nights partial.
DEAD_AFTER = timedelta(days=7)


@dataclass(slots=True)
class Seen:
    """One feed: the validators of its last version, the date of its newest entry, where it moved to, if it is gone.

    `failing_since` is the start of the first of the nights in a row that could not be read. Moments are ISO 8601.
    """

    etag: str = ""
    modified: str = ""
    newest: str = ""
    moved: str = ""
    gone: bool = False
    failing_since: str = ""

    def conditions(self, window: Window) -> dict[str, str]:
        """Headers that ask for a newer version only; none unless all of the last version lies before the window.

        Else "not modified" would hide what the last version already held of this window, and a second run of a night
        would find nothing.
        """
        newest = _read(self.newest)
        if newest is None or newest >= window.start:
            return {}
        told = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in told.items() if value}

    def failed(self, window: Window) -> bool:
        """Note that it could not be read for this window; whether it has been so for long enough to be dead."""
        since = _read(self.failing_since)
        if since is None or since > window.start:
            self.failing_since, since = window.start.isoformat(), window.start
        self.moved = ""  # the old address may be good again
        return window.start - since >= DEAD_AFTER


def read(cursor: str | None) -> dict[str, Seen]:
    """The feeds of a cursor by address; what cannot be read is forgotten, which costs one full download."""
    try:
        told = json.loads(cursor or "{}")
    except ValueError:
        return {}
    known = {one.name: type(getattr(Seen(), one.name)) for one in fields(Seen)}
    return {
        address: Seen(**{name: value for name, value in seen.items() if type(value) is known.get(name)})
        for address, seen in (told.items() if isinstance(told, dict) else ())
        if isinstance(seen, dict)
    }


def written(seen: dict[str, Seen]) -> str:
    """The cursor that `read` reads."""
    told = {address: {name: value for name, value in asdict(one).items() if value} for address, one in seen.items()}
    return json.dumps(told, sort_keys=True)


def _read(text: str) -> datetime | None:
    try:
        return moment(text)[0] if text else None
    except MalformedError:
        return None
