"""A small made-up world for the warehouse's tests: brands, a night's rows as the store hands them over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from pipeline.collect import Legal
from pipeline.model import Brand, night_of

FIRST = date(2026, 1, 5)
BRANDS = (
    Brand("dijon", "Just Dijon", "Dijon", "21231", "commune", peers=("troyes", "lille")),
    Brand("troyes", "Troyes", "Troyes", "10387", "commune", peers=("dijon", "lille")),
    Brand("lille", "Lille", "Lille", "59350", "commune", peers=("dijon", "troyes")),
    Brand("manche", "La Manche", "Manche", "50", "departement"),
)
SLUGS = [brand.slug for brand in BRANDS]
LEGAL = {
    "sample": Legal("made up", show_text=True),
    "tube": Legal("made up", show_text=False, show_link=True, combine_engagement=False),
}


@dataclass
class Store:
    """Rows by table and key with the revision of their last write: all that a build sees of a store."""

    revision: int = 0
    tables: dict[str, dict[tuple[object, ...], tuple[int, dict[str, object]]]] = field(default_factory=dict)

    def put(self, table: str, key: tuple[object, ...], row: dict[str, object]) -> None:
        self.revision += 1
        self.tables.setdefault(table, {})[key] = (self.revision, row)

    def delete(self, post_key: int) -> None:
        for table in ("post", "addressed", "engagement", "mention"):
            rows = self.tables.get(table, {})
            for key in [k for k in rows if k[0] == post_key]:
                del rows[key]
        self.put("deletion", (post_key,), {"post_key": post_key})

    def changes(self, table: str, since: int) -> Iterator[list[dict[str, object]]]:
        yield [row for revision, row in self.tables.get(table, {}).values() if revision > since]


def post(store: Store, key: int, night: date, **more: object) -> None:
    """Write a post of 10:00 UTC on `night`."""
    row: dict[str, object] = {
        "post_key": key,
        "source": "sample",
        "post_id": str(key),
        "author_key": key % 40,
        "handle_key": None,
        "text": f"texte {key}",
        "url": f"https://example.org/{key}",
        "lang": "fr",
        "kind": "post",
        "ownership": "earned",
        "repost_of_key": None,
        "quote_of_key": None,
        "reply_to_key": None,
        "cluster_key": key,
        "near_key": key % 100 // 3,  # texts that come back on other nights
        "followers": 100 + key % 7,
        "reach_low": 7.4,
        "reach_central": 15.1,
        "reach_high": 30.2,
        "reach_version": "reach/1",
        "created_at": datetime.combine(night, time(10), UTC),
        "seen_at": datetime.combine(night + timedelta(days=1), time(3), UTC),
        "night": night,
        "expires_on": night + timedelta(days=90),
        **more,
    }
    store.put("post", (key,), row)


def mention(store: Store, key: int, brand: str, **more: object) -> None:
    """Write an accepted mention."""
    row: dict[str, object] = {
        "post_key": key,
        "brand": brand,
        "territory": None,
        "sense": "territory",
        "accepted": True,
        "by_brand_name": False,
        "start": 0,
        "end": 5,
        "rule": "name",
        "evidence": "texte",
        "matcher": "match/1",
        "label": "neutral",
        "score": 0.0,
        "toward": None,
        "toward_score": None,
        "scorer": "fr/1+toward-fast/1",
        "themes": ("", "nature", "nature,economy")[key % 3],
        "audiences": "visitors" if key % 2 else "",
        "emotions": "",
        "senses": "",
        **more,
    }
    store.put("mention", (key, brand), row)


def seen(store: Store, key: int, at: datetime, **counts: int) -> None:
    """Write an observation of a post's counts."""
    row: dict[str, object] = {c: counts.get(c) for c in ("likes", "reposts", "replies", "quotes", "views")}
    store.put("engagement", (key, at), {"post_key": key, "observed_at": at, **row})


def read(store: Store, brand: str, lang: str, day: date, views: int | None) -> None:
    """Write how often the articles on a territory were read."""
    store.put("attention", (brand, lang, day), {"brand": brand, "lang": lang, "day": day, "views": views})


def night(store: Store, day: date, status: str = "complete", source: str = "sample", brand: str = "*") -> None:
    """Write the ledger row of a night, and that the run listens to all brands."""
    row: dict[str, object] = {
        "source": source,
        "brand": brand,
        "night": day,
        "run": "night",
        "status": status,
        "asked": 4,
        "fetched": 10,
        "kept": 5,
        "duplicates": 0,
        "skipped": 0,
        "truncated": False,
        "error": None,
        "cost_micros": 0,
        "reasons": {},
    }
    store.put("ledger", (source, brand, day, "night"), row)
    for b in BRANDS:
        if ("night", b.slug) not in store.tables.get("ledger_scope", {}):
            store.put("ledger_scope", ("night", b.slug), {"run": "night", "brand": b.slug})


def live(store: Store, days: int, seed: int = 0, first: date = FIRST, posts: int = 12) -> date:
    """Write `days` nights of made-up posts; the fifth night of each ten fails. Returns the last night."""
    rng = random.Random(seed)
    for offset in range(days):
        day = first + timedelta(days=offset)
        night(store, day, "failed" if offset % 10 == 4 else "complete")
        for lang in ("fr", "en"):
            read(store, "dijon", lang, day, None if offset % 10 == 4 else rng.randrange(500))
        for number in range(posts if offset % 10 != 4 else 0):
            _post(store, rng, day, offset * 1000 + number + 1)
    return first + timedelta(days=days - 1)


def _post(store: Store, rng: random.Random, day: date, key: int) -> None:
    kind = rng.choice(["post", "post", "reply", "repost"])
    post(store, key, day, kind=kind, lang=rng.choice(["fr", "en", None]), author_key=rng.choice([None, *range(40)]))
    for brand in rng.sample([b.slug for b in BRANDS], rng.choice([1, 1, 2])):
        label = rng.choice(["negative", "neutral", "positive", None])
        mention(store, key, brand, label=label, accepted=rng.random() < 0.9)
    written = datetime.combine(day, time(10), UTC)
    for days in (0.5, 6.5, 20, 27.5):
        seen(store, key, written + timedelta(days=days), likes=int(days * 10), reposts=rng.randrange(5), views=500)


def moment(day: date) -> datetime:
    """03:00 UTC of the morning after a night: when it is built."""
    now = datetime.combine(day + timedelta(days=1), time(3), UTC)
    assert night_of(now) > day
    return now
