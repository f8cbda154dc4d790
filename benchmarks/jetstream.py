"""Events per second of one core, and peak memory, on a Jetstream-shaped stream matched against the national catalogue.

    python benchmarks/jetstream.py 4000000

The posts are made up from templates, 3 % of them in French, with deletions and account events between them. Each way
reads the same stream in a process of its own and ends with the same matched posts; CPU time is its own. `ours` and
`json` read from a pipe: `json` is the peer, every message decoded by the standard library, as a first version would.
`wire` is the source's own client on a websocket of this machine, a tenth of the events.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from pipeline import match
from pipeline.brands import national
from pipeline.collect import Ask
from pipeline.collect._bluesky import post
from pipeline.collect._bluesky_fold import Fold
from pipeline.collect._http import Client
from pipeline.collect._jetstream import events
from pipeline.collect._jetstream_dial import Server
from pipeline.collect._jetstream_frames import POSTS, Event, microseconds, moment_of, read, wanted
from pipeline.model import Window

FRENCH = 0.03
WINDOW = Window.night(date(2026, 1, 12))

ELSEWHERE = (
    "just had the best coffee of my life and nobody is going to take that from me",
    "New paper out today: {n} pages on why the seminar ran over time. Thread below 🧵 https://example.org/{n}",
    "今日はとても寒いですね。散歩に行きましょう {n} ☃️",
    "Bom dia! Hoje tem jogo às {n}h, quem vem comigo? #futebol #domingo",
    "Ich habe {n} Stunden auf den Zug gewartet, und er kam nicht. Danke für nichts.",
    "¿Alguien sabe por qué el gato mira la pared desde hace {n} minutos? 😅",
    'she said "no more updates today"\nand then there were {n} more updates',
    "Commission open! DM me for prices, slots {n}/10 ✨ #art #commissions #oc #furryart",
    "오늘 저녁 메뉴 추천해 주세요 {n}",
    "I cannot believe the game ended {n}-2, what a night. Screaming. Crying. Going to bed.",
)
FRANCE = (
    "Encore {n} minutes de retard ce matin, j'adore commencer la semaine comme ça…",
    "Très belle journée à {place}, {n} degrés et du soleil « comme en été » ☀️",
    "Le conseil municipal de {place} a voté le budget : {n} millions pour les pistes cyclables 🚲",
    "J'ai fini {n} romans ce mois-ci, il faut que je ralentisse.\nOu pas.",
    "Quelqu'un a un bon restaurant à {place} pour samedi soir ? On sera {n}.",
    "Non mais franchement, {n} euros le café, où va-t-on.",
)


def frames(many: int, seed: int = 20260112) -> Iterator[bytes]:
    """Messages of the new wire, in order of time, all different."""
    draw = random.Random(seed)
    places = [brand.name for brand in national.brands()]
    step = (WINDOW.end - WINDOW.start) / many
    dids = [f"did:plc:{draw.getrandbits(120):030x}"[:32] for _ in range(200_000)]
    encode = msgspec.json.Encoder().encode
    keys: list[tuple[str, str]] = []
    for n in range(many):
        at = WINDOW.start + n * step
        time_ = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        chance, did = draw.random(), dids[int(draw.random() * len(dids))]
        told: dict[str, object] = {"seq": n, "did": did, "time": time_, "witnessedAt": time_}
        if chance < 0.02:
            kind = "account"
            told["account"] = {"active": True, "did": did, "seq": n, "time": time_}
        elif chance < 0.10 and keys:
            kind = "commit"
            gone, rkey = keys[int(draw.random() * len(keys))]
            told |= {"did": gone, "rev": "3m", "operation": "delete", "collection": POSTS, "rkey": rkey}
        else:
            kind = "commit"
            rkey = f"3m{n:011d}"
            if n % 40 == 0:
                keys.append((did, rkey))
            told |= {"rev": "3m", "operation": "create", "collection": POSTS, "rkey": rkey}
            told |= {"record": _record(draw, places, n, time_), "cid": f"bafyrei{n:052d}"}
        payload = {"$type": f"network.bsky.jetstream.subscribeEvents#{kind}", **told}
        yield encode({"$type": "message", "payload": payload})


def _record(draw: random.Random, places: list[str], n: int, time_: str) -> dict[str, object]:
    french = draw.random() < FRENCH
    text = draw.choice(FRANCE if french else ELSEWHERE).format(n=n % 97, place=draw.choice(places))
    told: dict[str, object] = {"$type": POSTS, "createdAt": time_, "langs": ["fr" if french else "en"], "text": text}
    if n % 3 == 0:
        other = {"cid": f"bafyrei{n:052d}", "uri": f"at://did:plc:{n:024d}/{POSTS}/3m{n:011d}"}
        told["reply"] = {"parent": other, "root": other}
    if "#" in text:
        told["facets"] = [
            {
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": text.rpartition("#")[2]}],
                "index": {"byteEnd": len(text.encode()), "byteStart": text.index("#")},
            }
        ]
    return told


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
