"""A Jetstream-shaped stream of made-up posts, 3 % of them in French, with deletions and account events between them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import msgspec

from pipeline.brands import national
from pipeline.collect._jetstream_frames import POSTS
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
