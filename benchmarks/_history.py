"""A made-up history of any length, as the store would hand it over: what benchmarks/warehouse.py builds from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from pipeline.collect import Legal
from pipeline.model import Brand

FIRST = date(2016, 1, 4)
BRANDS = [
    Brand(f"brand-{n}", f"Brand {n}", f"Place {n}", None, "commune", peers=(f"brand-{(n + 1) % 50}",))
    for n in range(50)
]
SOURCES = ("alpha", "beta", "gamma", "delta")
LEGAL = {name: Legal("made up", show_text=False) for name in SOURCES}
BATCH = 50_000
LABELS = np.array(["negative", "neutral", "neutral", "positive", None], dtype=object)
KINDS = np.array(["post", "post", "reply", "repost"], dtype=object)
TAGS = np.array(["", "nature", "nature,economy", "mobility"], dtype=object)
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Made:
    """A store of made-up rows: `mentions` over `nights` nights, then `new` ones on the night after, from revision 1."""

    mentions: int
    nights: int
    new: int
    changed: int
    revision: int

    @property
    def last(self) -> date:
        """The last night that a build of this revision publishes."""
        return FIRST + timedelta(days=self.nights - 2 + self.revision)

    def changes(self, table: str, since: int) -> Iterator[list[Row]]:
        """The rows of the history, of the night after, or of both."""
        if since < 1:
            yield from self._rows(table, 0, self.mentions)
        if since < 2 <= self.revision:
            yield from self._rows(table, self.mentions, self.mentions + self.new)
            yield from self._again() if table == "engagement" else ()

    def _rows(self, table: str, low: int, high: int) -> Iterator[list[Row]]:
        if table in {"post", "mention", "engagement"}:
            for start in range(low, high, BATCH):
                yield _posts(table, np.arange(start, min(start + BATCH, high)), self)
        elif table == "ledger":
            days = range(self.nights) if low == 0 else range(self.nights, self.nights + 1)
            yield [_ledger(source, FIRST + timedelta(days=d)) for d in days for source in SOURCES]
        elif table == "ledger_scope" and low == 0:
            yield [{"run": "night", "brand": b.slug} for b in BRANDS]

    def _again(self) -> Iterator[list[Row]]:
        """New counts of posts of the last 28 nights."""
        recent = min(self.mentions, self.mentions * 28 // self.nights)
        keys = self.mentions - 1 - np.random.default_rng(2).integers(0, max(recent, 1), self.changed)
        keys = np.unique(keys)
        at = datetime.combine(self.last, datetime.min.time(), UTC)
        for start in range(0, len(keys), BATCH):
            yield [_counts(int(k), at, int(k) % 97 + 5) for k in keys[start : start + BATCH]]


def _night(keys: np.ndarray, made: Made) -> np.ndarray:  # type: ignore[type-arg]
    """Which night each post was written on: the history in order, the new ones on the night after."""
    return np.where(keys < made.mentions, keys * made.nights // max(made.mentions, 1), made.nights)


def _posts(table: str, keys: np.ndarray, made: Made) -> list[Row]:  # type: ignore[type-arg]
    draw = np.random.default_rng(int(keys[0]))
    nights = [FIRST + timedelta(days=int(n)) for n in _night(keys, made)]
    count = len(keys)
    if table == "engagement":
        noon = [datetime.combine(n, datetime.min.time(), UTC) + timedelta(days=2) for n in nights]
        return [_counts(int(k), at, int(k) % 50) for k, at in zip(keys, noon, strict=True)]
    if table == "mention":
        labels, tags = LABELS[draw.integers(0, 5, count)], TAGS[draw.integers(0, 4, count)]
        brands = np.minimum(draw.pareto(0.8, count), 49).astype(int)
        drawn = zip(keys, brands, labels, tags, strict=True)
        return [_mention(int(k), f"brand-{b}", label, tag) for k, b, label, tag in drawn]
    authors, kinds = np.minimum(draw.pareto(0.6, count) * 50, 400_000).astype(int), KINDS[draw.integers(0, 4, count)]
    return [_post(int(k), int(a), kind, n) for k, a, kind, n in zip(keys, authors, kinds, nights, strict=True)]


def _post(key: int, author: int, kind: str, night: date) -> Row:
    nothing = dict.fromkeys(("repost_of_key", "quote_of_key", "reply_to_key", "text", "url", "handle_key"))
    return nothing | {
        "post_key": key,
        "author_key": author,
        "cluster_key": key,
        "near_key": key,
        "source": SOURCES[key % 4],
        "lang": ("fr", "fr", "en")[key % 3],
        "kind": kind,
        "ownership": "earned",
        "reach_version": "reach/1",
        "followers": 100 + key % 1000,
        "reach_low": 7.5,
        "reach_central": 15.0,
        "reach_high": 30.0,
        "created_at": datetime.combine(night, datetime.min.time(), UTC) + timedelta(hours=10),
        "night": night,
        "expires_on": night,
    }


def _mention(key: int, brand: str, label: str | None, tags: str) -> Row:
    score = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}.get(label or "")
    return {
        "post_key": key,
        "brand": brand,
        "territory": None,
        "sense": "territory",
        "rule": "name",
        "matcher": "match/1",
        "label": label,
        "toward": label,
        "scorer": "fr-fast/2+toward-fast/3",
        "themes": tags,
        "audiences": "",
        "emotions": "",
        "senses": "",
        "score": score,
        "toward_score": score,
        "accepted": True,
        "by_brand_name": key % 9 == 0,
    }


def _counts(key: int, at: datetime, likes: int) -> Row:
    return {
        "post_key": key,
        "likes": likes,
        "reposts": likes // 4,
        "replies": 1,
        "quotes": 0,
        "views": 40 * likes,
        "observed_at": at,
    }


def _ledger(source: str, night: date) -> Row:
    zero = dict.fromkeys(("asked", "fetched", "kept", "duplicates", "skipped", "cost_micros"), 0)
    return zero | {
        "source": source,
        "brand": "*",
        "run": "night",
        "status": "complete",
        "truncated": False,
        "night": night,
    }
