"""Events per second of one core, and peak memory, on a Jetstream-shaped stream matched against the national catalogue.

    python benchmarks/jetstream.py 4000000

The posts are made up from templates, 3 % of them in French, with deletions, edits and account events between them. Each
way reads the same stream from a pipe in a process of its own and ends with the same matched posts; CPU time is its own.
The peer reads every message with the standard library's json, which is what a first version would do.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

import msgspec

from pipeline import match
from pipeline.brands import national
from pipeline.collect import Ask
from pipeline.collect._bluesky import post
from pipeline.collect._bluesky_fold import Fold
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


WAYS: dict[str, Callable[[Iterable[bytes], Ask], Iterator[Event]]] = {"ours": ours, "json": json_on_everything}


def consume(way: str) -> None:
    """Read the stream on stdin in one way; figures as a line of JSON."""
    matcher = match.compile_catalogue(national.brands())
    ask = Ask(now=datetime(2026, 1, 13, 3, tzinfo=UTC), plausible=matcher.touches)
    heard, fold = [0], Fold(ask)

    def counted() -> Iterator[bytes]:
        for line in sys.stdin.buffer:
            heard[0] += 1
            yield line

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    for event in WAYS[way](counted(), ask):
        fold.hear(event)
    posts, mentions = 0, 0
    for one in fold.standing():
        if made := post(one.did, one.rkey, one.told, moment_of(one.at), WINDOW, ask):
            posts += 1
            mentions += any(found.accepted for found in matcher.mentions(made.text))
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"events": heard[0], "seconds": spent, "peak_mb": peak / 1024, "before_mb": before / 1024}
    print(json.dumps(told | {"posts": posts, "mentions": mentions, "deletions": len(ask.gone)}))


def main(many: int) -> None:
    """Both ways on the same stream; a line each."""
    for way in WAYS:
        command = [sys.executable, "-m", "benchmarks.jetstream"]
        with subprocess.Popen([*command, "--make", str(many)], stdout=subprocess.PIPE) as maker:
            done = subprocess.run(
                [*command, "--way", way], stdin=maker.stdout, capture_output=True, text=True, check=True
            )
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
    elif "--way" in sys.argv:
        consume(sys.argv[-1])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000_000)
