"""Thirty nights from Bluesky's own servers and a Mastodon server, with faults, kills and two days without network.

The test keeps the truth: what was said, edited and deleted, and when. At the end the store holds it, and the ledger
says where and why it does not.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import match, settings
from pipeline.collect import bluesky, mastodon
from pipeline.model import Window, night_of
from tests.collect.loopback import Asked, Reply, serving
from tests.integration import mastodon_server, one_night
from tests.integration.bluesky_jetstream import Fault, Fired, Jetstream
from tests.integration.bluesky_jetstream import serving as streaming
from tests.integration.bluesky_net import Account, Net, key_of, record
from tests.integration.fault_proxy import forwarded

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
DIJON = str(ROOT / "brands" / "just-dijon.toml")
FIRST = date(2026, 1, 5)
NIGHTS = [FIRST + timedelta(days=n) for n in range(30)]
# At 3 o'clock after these nights nothing can be reached; what they held is read later, if at all.
OUTAGE = (NIGHTS[12], NIGHTS[13])
LOOK_BACK = timedelta(hours=36)
KILLED = {NIGHTS[4]: "stream", NIGHTS[9]: "counts", NIGHTS[20]: "timeline", NIGHTS[25]: "anywhere"}
STREAM_FAULTS = ("cut", "slow", "silent")
HTTP_FAULTS = (
    Reply(b"{}", 429, {"retry-after": "0"}),
    Reply(b"", 503),
    Reply(b"<html>maintenance", headers={"content-type": "text/html"}),
    Reply(reset=True),
    Reply(b'{"posts": [', cut=5),
    Reply(b"[" * 400, cut=9),
)


def three_o_clock(night: date) -> datetime:
    """When a night is collected: 03:00 in Paris on the day after."""
    return Window.night(night).end + timedelta(hours=3)


@dataclass
class Door:
    """A reverse proxy before a real server: `faults` come first, `shut` refuses all, `hold` keeps one answer back."""

    upstream: str
    faults: list[Reply] = field(default_factory=list)
    shut: bool = False
    hold: threading.Event | None = None

    def __call__(self, asked: Asked) -> Reply:
        if self.hold and not self.hold.is_set():
            self.hold.set()
            return Reply(hold=True, cut=0)
        if self.shut:
            return Reply(reset=True)
        return self.faults.pop(0) if self.faults else forwarded(self.upstream, asked)


@dataclass
class World:
    """What is out there, and the truth about it: by address, the text and the moment of each post that still stands.

    `witnessed` is when Jetstream saw each post of Bluesky.
    """

    net: Net
    mastodon: mastodon_server.Server
    jetstream: Jetstream
    appview: Door
    timeline: Door
    given: settings.Settings
    posts: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    statuses: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    witnessed: dict[str, datetime] = field(default_factory=dict)


@pytest.fixture
def world(bluesky_network: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for source in (bluesky, mastodon):
        monkeypatch.setattr(source, "POLICY", one_night.HASTY)
    _compile_once(monkeypatch)
    with ExitStack() as open_:
        instance = open_.enter_context(mastodon_server.running(tmp_path / "mastodon"))
        jetstream = open_.enter_context(streaming(Jetstream()))
        appview, timeline = Door(bluesky_network.appview), Door(instance.base)
        before_appview, before_timeline = open_.enter_context(serving(appview)), open_.enter_context(serving(timeline))
        given = settings.load(
            {
                "RAYONNER_HOME": str(tmp_path / "home"),
                "RAYONNER_AUTHOR_KEY": "ab" * 32,
                "RAYONNER_BLUESKY_JETSTREAM": jetstream.base,
                "RAYONNER_BLUESKY_APPVIEW": before_appview.base,
                "RAYONNER_BLUESKY_SERVICE": bluesky_network.pds,
                "RAYONNER_MASTODON_INSTANCES": before_timeline.base,
            }
        )
        yield World(bluesky_network, instance, jetstream, appview, timeline, given)


def _compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue is the same every night; compiling it would be most of the test's time."""
    compiled, once = match.compile_catalogue, list[match.Matcher]()

    def compile_(brands: list[object]) -> match.Matcher:
        once[:] = once or [compiled(brands)]  # type: ignore[arg-type]
        return once[0]

    monkeypatch.setattr(match, "compile_catalogue", compile_)


# The story


def _tell(world: World) -> None:
    """Everything that is said in thirty nights, for the servers that are real; Jetstream tells it at its time."""
    when: dict[tuple[str, str, str], datetime] = {}
    authors = [world.net.join(f"soir{n}") for n in range(3)]
    for number, author in enumerate(authors):
        _speak(world, author, number, when)
    _edit_and_delete(world, authors, when)
    _leave(world, authors[2], NIGHTS[18], when)
    wanted = set(when)

    def all_told(fired: list[Fired]) -> bool:
        return wanted <= {_name(one) for one in fired}

    world.net.settled(all_told, "thirty nights")
    world.net.shown(sorted(uri for uri in world.posts if authors[0].did in uri)[-1:])
    told = [one for one in world.net.fired if _name(one) in when]
    world.jetstream.witness(told, lambda one: when[_name(one)])
    start, end = Window.night(NIGHTS[0]).start, Window.night(NIGHTS[-1]).end
    world.jetstream.tick(start - timedelta(hours=2), end + timedelta(hours=4), timedelta(minutes=8))
    _speak_elsewhere(world)


def _name(fired: Fired) -> tuple[str, str, str]:
    return fired["kind"], fired["did"], fired.get("rkey", "")


def _speak(world: World, author: Account, number: int, when: dict[tuple[str, str, str], datetime]) -> None:
    """Two posts a night, one of them near midnight on every third night: written before it, witnessed after it."""
    told = []
    for night, hours in ((night, hours) for night in NIGHTS for hours in (9 + number, 19 + number)):
        late = hours > 12 and (night - FIRST).days % 3 == 0
        at = Window.night(night).start + timedelta(hours=23.8 if late else hours, seconds=7 * number)
        text = f"À Dijon le {night:%d/%m}, {'minuit' if late else hours} : « très » bien 🥐 #JustDijon"
        seen = at + (timedelta(minutes=25) if late else timedelta(seconds=2))
        told.append((key_of(at), seen, record(text, at), at))
    for uri, (key, seen, said, at) in zip(author.say([(t[0], t[2]) for t in told]), told, strict=True):
        when["create", author.did, key] = world.witnessed[uri] = seen
        world.posts[uri] = (str(said["text"]), at)


def _edit_and_delete(world: World, authors: list[Account], when: dict[tuple[str, str, str], datetime]) -> None:
    """Of the first author every fourth post of the calm nights is edited an hour later; of the second some go, some of
    them nights after they were read.
    """
    for number, uri in enumerate(_of(world, authors[0])[::4]):
        text, at = world.posts[uri]
        if Window.night(OUTAGE[0]).start - timedelta(days=1) < at < Window.night(OUTAGE[1]).end or at.hour > 21:
            continue
        key = uri.rpartition("/")[2]
        authors[0].put(key, record(f"{text} (corrigé {number})", at))
        when["update", authors[0].did, key] = at + timedelta(hours=1)
        world.posts[uri] = (f"{text} (corrigé {number})", at)
    for number, uri in enumerate(_of(world, authors[1])[::5]):
        key, (_, at) = uri.rpartition("/")[2], world.posts.pop(uri)
        authors[1].unsay(key)
        when["delete", authors[1].did, key] = _outside_outage(at + (timedelta(hours=1), timedelta(days=2))[number % 2])


def _outside_outage(moment: datetime) -> datetime:
    """A deletion in the hours that no stream reaches any more is for the second look, which is not shown here."""
    first, last = Window.night(OUTAGE[0]).start, Window.night(OUTAGE[1]).end
    return last + timedelta(hours=5) if first - timedelta(hours=1) < moment < last else moment


def _leave(world: World, author: Account, night: date, when: dict[tuple[str, str, str], datetime]) -> None:
    """An account goes one evening, and with it all it ever said; its last posts are of that day."""
    world.net.delete(author)
    gone = Window.night(night).start + timedelta(hours=22)
    when["account", author.did, ""] = gone
    for uri in _of(world, author):
        del world.posts[uri]
    for name, seen in list(when.items()):
        if name[:2] == ("create", author.did) and seen > gone:
            del when[name]


def _of(world: World, author: Account) -> list[str]:
    return sorted((uri for uri in world.posts if f"/{author.did}/" in uri), key=lambda uri: world.posts[uri][1])


def _speak_elsewhere(world: World) -> None:
    """Three statuses a night on Mastodon, one of them edited before it is read."""
    said = []
    for night in NIGHTS:
        for number, by in enumerate(mastodon_server.ACCOUNTS):
            at = Window.night(night).start + timedelta(hours=8 + 5 * number)
            status = world.mastodon.say(f"Le {night:%d/%m} à #Dijon, n° {number} 🚲", by)
            text = f"Le {night:%d/%m} à #Dijon, n° {number} 🚲"
            if number == 1:
                text += " (bis)"
                world.mastodon.act("PUT", f"/api/v1/statuses/{status['id']}", by, status=text)
            said.append((status, at))
            world.statuses[status["uri"]] = (text, at)
    world.mastodon.backdate(said)


# The nights


def _run(world: World, night: date, draw: random.Random) -> dict[str, Exception]:
    """One night as it is collected at 3 o'clock, with the faults of the day; what failed, by source."""
    now = three_o_clock(night)
    world.jetstream.floor = now - LOOK_BACK
    down = night in OUTAGE
    world.appview.shut = world.timeline.shut = down
    world.jetstream.faults = [Fault(refused=503)] * 50 if down else _stream_faults(draw)
    world.appview.faults, world.timeline.faults = _http_faults(draw), _http_faults(draw)
    if night in KILLED:
        _kill(world, night, now, KILLED[night], draw)
    return dict(one_night.collect(world.given, night, now, DIJON))


def _stream_faults(draw: random.Random) -> list[Fault]:
    """None to three breaks of the stream, each after it led on, or a refusal."""
    faults = [Fault(draw.choice(STREAM_FAULTS[:2]), draw.randrange(20, 90)) for _ in range(draw.randrange(4))]
    return [Fault(refused=503), *faults] if draw.random() < 0.3 else faults


def _http_faults(draw: random.Random) -> list[Reply]:
    return [draw.choice(HTTP_FAULTS) for _ in range(draw.choice((0, 0, 1, 2, 3)))]


def _kill(world: World, night: date, now: datetime, where: str, draw: random.Random) -> None:
    """Start the night in a process of its own and kill it -9, at a place that it has surely reached."""
    reached = threading.Event()
    if where == "stream":
        world.jetstream.faults = [Fault("silent", 60, reached=reached)]
    elif where == "counts":
        world.appview.faults, world.appview.hold = [], reached
    elif where == "timeline":
        world.timeline.faults, world.timeline.hold = [], reached
    with _child(world, night, now) as child:
        if where == "anywhere":
            reached.wait(draw.uniform(0.1, 1.0))
        else:
            assert reached.wait(30), f"the night never came to its {where}"
        child.kill()
        assert child.wait() == -9
    world.appview.hold = world.timeline.hold = None
    world.jetstream.faults = []


@contextmanager
def _child(world: World, night: date, now: datetime) -> Iterator[subprocess.Popen[str]]:
    """A process that has begun the night."""
    log = world.given.home / "child.log"
    command = [sys.executable, "-m", "tests.integration.one_night", night.isoformat(), now.isoformat()]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with (
        log.open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, stderr=errors, text=True) as child,
    ):
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps({"environ": dict(world.given.environ), "catalogue": DIJON}))
        child.stdin.close()
        assert child.stdout.readline() == "begun\n", log.read_text()[-2000:]
        yield child


# What is in the store, and what the ledger says of it


def _held(world: World, source: str) -> dict[str, tuple[str, str]]:
    asked = "select post_id, text, substr(created_at, 1, 19) from post where source = ?"
    with closing(sqlite3.connect(world.given.home / "store.sqlite")) as database:
        return {post_id: (text, at) for post_id, text, at in database.execute(asked, (source,))}


def _ledger(world: World, source: str) -> dict[date, tuple[str, int, dict[str, int]]]:
    asked = "select night, status, kept, reasons from ledger where source = ? and run = 'night'"
    with closing(sqlite3.connect(world.given.home / "store.sqlite")) as database:
        rows = database.execute(asked, (source,)).fetchall()
    return {date.fromisoformat(night): (status, kept, json.loads(reasons)) for night, status, kept, reasons in rows}


def _as_stored(truth: dict[str, tuple[str, datetime]]) -> dict[str, tuple[str, str]]:
    return {uri: (text, at.replace(tzinfo=None).isoformat(" ", "seconds")) for uri, (text, at) in truth.items()}


def test_thirty_nights_end_in_the_truth_and_the_ledger_says_what_is_missing(world: World) -> None:
    draw = random.Random(20260105)
    _tell(world)
    failed = {night: told for night in NIGHTS if (told := _run(world, night, draw))}

    # Two days without network: both sources failed, and nothing else did.
    assert set(failed) == set(OUTAGE)
    assert all(set(told) == set(one_night.SOURCES) for told in failed.values())
    assert not any("hint:counts_lost" in reasons for _, _, reasons in _ledger(world, "bluesky").values())

    # Mastodon's servers still had what was missed: it was asked again, and all is there.
    assert _held(world, "mastodon") == _as_stored(world.statuses)
    assert {status for status, _, _ in _ledger(world, "mastodon").values()} == {"complete"}

    # Bluesky's stream reaches back 36 hours: what is missing was witnessed before, in nights that the ledger marks.
    held, truth, ledger = _held(world, "bluesky"), _as_stored(world.posts), _ledger(world, "bluesky")
    lost = {uri for uri in truth if uri not in held}
    reached = three_o_clock(NIGHTS[14]) - LOOK_BACK
    assert held == {uri: told for uri, told in truth.items() if uri not in lost}
    assert lost == {uri for uri, at in world.witnessed.items() if uri in truth and _out_of_reach(at, reached)}
    assert lost
    assert {night for night, (status, _, _) in ledger.items() if status != "complete"} == set(OUTAGE)
    assert {night_of(world.posts[uri][1]) for uri in lost} == set(OUTAGE)
    for night in OUTAGE:
        status, _, reasons = ledger[night]
        assert (status, "hint:look_back" in reasons) == ("partial", True)
    # What was deleted after its night was read had been kept: the ledger counts it, the store has let it go.
    stand = Counter(night_of(world.posts[uri][1]) for uri in held)
    left = {night: kept - stand[night] for night, (_, kept, _) in ledger.items()}
    assert min(left.values()) >= 0
    assert sum(left.values()) == sum(reasons.get("hint:deleted", 0) for _, _, reasons in ledger.values()) > 0

    # With an account the search finds what the stream lost.
    searcher = world.net.join("chercheuse")
    login = {"RAYONNER_BLUESKY_HANDLE": searcher.handle, "RAYONNER_BLUESKY_PASSWORD": searcher.password}
    asking = replace(world.given, environ={**world.given.environ, **login})
    for night in OUTAGE:
        one_night.collect(asking, night, three_o_clock(NIGHTS[-1]), DIJON)
    assert _held(world, "bluesky") == truth
    assert all("hint:searched" in _ledger(world, "bluesky")[night][2] for night in OUTAGE)


def _out_of_reach(at: datetime, reached: datetime) -> bool:
    """Whether a moment is after what was read before the two days, and before what the stream still had after them."""
    return Window.night(OUTAGE[0]).start + bluesky.LATE <= at < reached
