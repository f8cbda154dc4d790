"""Each source through each fault by night, and the night after without it: the table of docs/faults.md.

python -m tests.collect.fault_nights > docs/faults.md
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from functools import cache, partial
from pathlib import Path

import pytest

from pipeline import brands as brand_files
from pipeline import collect, settings, steps, store
from pipeline.collect import Ask
from pipeline.errors import PipelineError
from pipeline.model import Window, night_of
from pipeline.steps import _one_night
from tests.collect.loopback import Reply, Time, serving
from tests.collect.test_faults import ANSWERS, QUERIES, STAYING, replay_of

DIJON = Path(__file__).parents[2] / "brands" / "just-dijon.toml"
ATTENDING = importlib.import_module("pipeline.steps.attention")  # the package shows the function of that name
DAY = timedelta(days=1)
NAMES = (*sorted(ANSWERS), "wikimedia")
MOST_BYTES = 100_000

TITLE = """# What a fault costs

Made by `python -m tests.collect.fault_nights`, do not edit. Each source is asked for a night while its platform has the
fault, at every request from the first or from the second on, and for the night after when it is well again, as every
morning does. A cell says how the first night ended in the ledger, how many of its posts came that night, and how many
the store lacks after the second beside a store that met no fault: `failed 0/5, 0 lost`. Of Wikimedia, which is asked
for a week at a time, the days of views are counted. The servers are those of the
tests, on the machine itself.
"""


def faults(now: datetime) -> dict[str, Reply | None]:
    """What the platform answers, by name; None gives the first answer to a path for ever, whatever page is asked."""
    waits = {
        "429 HTTP date": {"retry-after": format_datetime(now + timedelta(seconds=30), usegmt=True)},
        "429 RateLimit": {"ratelimit": '"default";r=0;t=30', "ratelimit-policy": '"default";q=300;w=300'},
        "429 RateLimit-Reset": {"ratelimit-remaining": "0", "ratelimit-reset": "30"},
    }
    added = {name: Reply(b"{}", 429, told) for name, told in waits.items()}
    added["silent"] = Reply(hold=True, cut=0, headers={"content-length": "99"})
    added["too large"] = Reply(b"[" + b" " * (2 * MOST_BYTES) + b"]")
    return STAYING | added | {"same page": None}


# One of each kind: the forms of a wait and of a server's error are told apart in test_faults.
FIRST = (
    *("429", "429 HTTP date", "429 RateLimit", "503", "reset", "cut short", "empty", "HTML", "truncated JSON"),
    *("silent", "too large", "refused", "gone"),
)
SECOND = ("429", "503", "reset", "truncated JSON", "too large", "same page")
CASES = [(fault, 1) for fault in FIRST] + [(fault, 2) for fault in SECOND]


@dataclass(frozen=True)
class Outcome:
    """How the first night ended, its posts then, in the end, and of a store that met no fault."""

    status: str
    first: int
    lost: int
    whole: int

    def __str__(self) -> str:
        return f"{self.status} {self.first}/{self.whole}, {self.lost} lost"


def outcome(name: str, fault: str, page: int) -> Outcome:
    """Two nights of a source, the first with the fault from its request number `page` on."""
    whole = _whole(name)
    status, first, held = _nights(name, fault, page)
    return Outcome(status, len(first), len(whole - held), len(whole))


@cache
def _whole(name: str) -> frozenset[str]:
    return _nights(name, None, 1)[2]


def _nights(name: str, fault: str | None, page: int) -> tuple[str, frozenset[str], frozenset[str]]:
    """The status of the first night, and what the store holds after it and after the second."""
    replay = Wikipedia if name == "wikimedia" else replay_of(name)
    night = night_of(replay.WINDOW.start)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        home, platform = Path(folder), _Platform(name, replay, fault, page, Window.night(night).end)
        with serving(platform) as server:
            given = _settings(home, name, replay, server.base)
            patch.setattr(brand_files, "queries", lambda _listened: QUERIES)
            for step in (_one_night, ATTENDING):
                patch.setattr(step, "Ask", partial(Ask, pace=Time().pace, timeout_s=0.3))
            if name in collect.names():
                source = collect.load(name)
                patch.setattr(source, "POLICY", replace(source.POLICY, most_bytes=MOST_BYTES))
            broken, platform.well = platform.well, True
            if name == "wikimedia":  # a week is asked for every morning: that of the day before was told
                _collect(given, name, night - DAY)
            platform.well, platform.asked = broken, 0
            status, first = _collect(given, name, night), _held(given, name, night)
            platform.well = True
            _collect(given, name, night + DAY)
            return status, first, _held(given, name, night)


class Wikipedia:
    """Wikimedia's views of each article on each day it is asked for: no source of posts, collected by the week."""

    WINDOW = Window.night(date(2026, 1, 12))

    @staticmethod
    def settings(_home):
        return {"RAYONNER_CONTACT": "veille@example.org"}

    @staticmethod
    def answer(asked):
        first, last = (date.fromisoformat(day) for day in re.findall(r"/(20\d{6})00", asked.path))
        days = [first + DAY * n for n in range((last - first).days + 1)]
        return Reply(json.dumps({"items": [{"timestamp": f"{day:%Y%m%d}00", "views": 7} for day in days]}).encode())


class _Platform:
    """The server of a source's replay: with the fault from a number of requests on, until it is `well`."""

    def __init__(self, name, replay, fault, page, now):
        self.good = replay.answer if name == "wikimedia" else ANSWERS[name](replay)
        if name == "bluesky":  # the stream goes on until the second night is over
            end = partial(replay.account, seen=replay.at(49, 1), did="did:plc:ville")
            self.good = partial(replay.answer, tell=lambda wire: [*replay.night(wire), end(wire)])
        self.fault, self.page = fault, page
        self.broken = faults(now)[fault] if fault else None
        self.well, self.asked, self.known = fault is None, 0, {}

    def __call__(self, asked):
        self.asked += 1
        if self.well:
            return self.good(asked)
        if self.fault == "same page":
            return self.known.setdefault(asked.path, self.good(asked))
        return self.broken if self.asked >= self.page else self.good(asked)


def _settings(home, name, replay, base):
    listened = home / "brands"
    listened.mkdir()
    text = "\n".join(line for line in DIJON.read_text("utf-8").splitlines() if not line.startswith("peers"))
    (listened / DIJON.name).write_text(text, "utf-8")
    own = {"RAYONNER_HOME": str(home / "var"), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_BRANDS": str(listened)}
    cap = {"RAYONNER_BUDGET": "x:money=50"} if name == "x" else {}
    at = {f"RAYONNER_{name.upper()}_URL": base, "RAYONNER_SOURCES": name, "RAYONNER_MASTODON_INSTANCES": base}
    given = settings.load(own | cap | at | replay.settings(home))
    given.home.mkdir(exist_ok=True)
    shutil.copy(_empty(), given.home / "store.sqlite")
    return given


@cache
def _empty() -> Path:
    """A store without posts: making its tables takes longer than a night."""
    path = Path(tempfile.mkdtemp()) / "store.sqlite"
    store.migrate(store.connect(f"sqlite:///{path}"))
    return path


def _collect(given, name, night):
    """How a morning's run leaves the night: by the ledger, of attention by what it raised and knows."""
    now = Window.night(night).end + timedelta(hours=4)
    try:
        if name == "wikimedia":
            done = steps.attention(given, night - 6 * DAY, night, now=now)
            return "partial" if done.unknown else "complete"
        else:
            steps.collect(given, name, night, night, now=now)
    except PipelineError:
        return "failed" if name == "wikimedia" else _status(given, name, night)
    return _status(given, name, night)


def _status(given, name, night):
    (row,) = store.ledger(store.connect(given.store_url), source=name, since=night, until=night)
    return row.status


def _held(given, name, night):
    """The ids of the night's posts, or the days that end in it or before for which views are known."""
    days = f"SELECT lang, day FROM attention WHERE views > 0 AND day < '{night}'"
    asked = days if name == "wikimedia" else f"SELECT post_id FROM post WHERE night <= '{night}'"
    with store.connect(given.store_url).connect() as connection:
        return frozenset(map(tuple, connection.exec_driver_sql(asked)))


def row(fault: str, page: int) -> str:
    """The line of one fault, a cell a source."""
    where = "" if page == 1 else ", from the second request"
    return " | ".join([f"| {fault}{where}", *(str(outcome(name, fault, page)) for name in NAMES)]) + " |"


if __name__ == "__main__":
    sys.stdout.write(f"{TITLE}\n| fault | {' | '.join(NAMES)} |\n|{'---|' * (len(NAMES) + 1)}\n")
    for case in CASES:
        sys.stdout.write(row(*case) + "\n")
        sys.stdout.flush()
