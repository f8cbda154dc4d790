"""Events per second of one core, and peak memory, on a Jetstream-shaped stream matched against the national catalogue.

    python -m benchmarks.jetstream 4000000

The posts are made up from templates, 3 % of them in French, with deletions and account events between them. Each way
reads the same stream in a process of its own and ends with the same matched posts; CPU time is its own. `ours` and
`json` read from a pipe: `json` is the peer, every message decoded by the standard library, as a first version would.
`wire` is the source's own client on a websocket of this machine, a tenth of the events.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from benchmarks._network import WINDOW, frames
from pipeline import match
from pipeline.brands import national
from pipeline.collect import Ask
from pipeline.collect._bluesky import post
from pipeline.collect._bluesky_fold import Fold
from pipeline.collect._http import Client
from pipeline.collect._jetstream import events
from pipeline.collect._jetstream_dial import Server
from pipeline.collect._jetstream_frames import Event, microseconds, moment_of, read, wanted


def ours(stream: Iterable[bytes], ask: Ask) -> Iterator[Event]:
    """As the source reads: a test on the bytes first."""
    for frame in stream:
        if wanted(frame, ask.plausible) and isinstance(event := read(frame), Event):
            yield event


def json_on_everything(stream: Iterable[bytes], ask: Ask) -> Iterator[Event]:
    """Every message decoded by the standard library, the text looked at afterwards."""
    for frame in stream:
        told = json.loads(frame)["payload"]
        at = microseconds(datetime.fromisoformat(told["witnessedAt"]))
        kind = told["$type"].rpartition("#")[2]
        if kind == "account":
            yield Event(at, told["did"], "account", status=None if told["account"]["active"] else "deleted")
        elif told["operation"] == "delete":
            yield Event(at, told["did"], "delete", told["rkey"])
        elif ask.plausible(told["record"]["text"]):
            yield Event(at, told["did"], told["operation"], told["rkey"], told["record"])


def wire(stream: Iterable[bytes], ask: Ask) -> Iterator[Event]:
    """From a server of this machine, by the source's own client; the first line of the stream says where."""
    base = next(iter(stream)).decode().strip()
    with Client(ask, "bluesky", base) as client:
        yield from events(client, [Server(base, packed=False)], WINDOW.start, WINDOW.end, ask)


Way = Callable[[Iterable[bytes], Ask], Iterator[Event]]
WAYS: dict[str, Way] = {
    "ours": ours,
    "json": json_on_everything,
    "wire": wire,
}


def serve_frames(many: int) -> None:
    """The stream on a websocket, told once, then an event of the next day; the address goes to stdout."""

    def tell(connection: ServerConnection) -> None:
        for frame in frames(many):
            connection.send(frame, text=True)
        after = (WINDOW.end + timedelta(minutes=1)).isoformat(timespec="microseconds").replace("+00:00", "Z")
        account = {"$type": "x#account", "did": "did:plc:x", "witnessedAt": after, "account": {"active": True}}
        connection.send(msgspec.json.encode({"$type": "message", "payload": account}), text=True)

    with serve(tell, "127.0.0.1", 0, subprotocols=[Subprotocol("xrpc.v1.json")], compression=None) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.socket.getsockname()[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


def consume(way: str, many: int) -> None:
    """Read the stream on stdin in one way; figures as a line of JSON."""
    matcher = match.compile_catalogue(national.brands())
    ask = Ask(now=datetime(2026, 1, 13, 3, tzinfo=UTC), plausible=matcher.touches)
    fold = Fold(ask)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    for event in WAYS[way](sys.stdin.buffer, ask):
        fold.hear(event)
    posts, mentions = 0, 0
    for one in fold.standing():
        if made := post(one.did, one.rkey, one.told, moment_of(one.at), WINDOW, ask):
            posts += 1
            mentions += any(found.accepted for found in matcher.mentions(made.text))
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"events": many, "seconds": spent, "peak_mb": peak / 1024, "before_mb": before / 1024}
    print(json.dumps(told | {"posts": posts, "mentions": mentions, "deletions": len(ask.gone)}))


def main(many: int) -> None:
    """All ways, a line each."""
    for way in WAYS:
        size = many // 10 if way == "wire" else many
        command = [sys.executable, "-m", "benchmarks.jetstream"]
        made = [*command, "--serve" if way == "wire" else "--make", str(size)]
        with subprocess.Popen(made, stdout=subprocess.PIPE) as maker:
            reading = [*command, "--way", way, str(size)]
            done = subprocess.run(reading, stdin=maker.stdout, stdout=subprocess.PIPE, text=True, check=True)
            maker.kill()
        told = json.loads(done.stdout)
        rate = told["events"] / told["seconds"]
        print(
            f"{way:<5} {told['events']:>9,} events  {rate:>9,.0f} events/s  {told['seconds']:>7,.1f} s of CPU  "
            f"peak {told['peak_mb']:,.0f} MB ({told['before_mb']:,.0f} before)  {told['posts']:,} posts held, "
            f"{told['mentions']:,} accepted, {told['deletions']:,} deletions"
        )


if __name__ == "__main__":
    if "--make" in sys.argv:
        for line in frames(int(sys.argv[-1])):
            sys.stdout.buffer.write(line + b"\n")
    elif "--serve" in sys.argv:
        serve_frames(int(sys.argv[-1]))
    elif "--way" in sys.argv:
        consume(sys.argv[-2], int(sys.argv[-1]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000_000)
