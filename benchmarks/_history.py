"""A made-up history of any length, as the store would hand it over: what benchmarks/warehouse.py builds from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat
from typing import cast

import numpy as np
from numpy.typing import NDArray

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
SCORES = np.array([-0.8, 0.0, 0.0, 0.8, None], dtype=object)
KINDS = np.array(["post", "post", "reply", "repost"], dtype=object)
TAGS = np.array(["", "nature", "nature,economy", "mobility"], dtype=object)
Row = dict[str, object]
Keys = NDArray[np.int64]


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
        """New counts of `changed` different posts of the last 28 nights, or of as many nights as hold so many posts."""
        recent = min(self.mentions, max(self.changed, self.mentions * 28 // self.nights))
        # A stride that shares no factor with `recent` meets each post once before it comes back to the first.
        stride = next(s for s in (7919, 7907, 7901) if recent % s)
        keys = self.mentions - 1 - np.arange(min(self.changed, recent)) * stride % recent
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            yield _counts(some, np.full(len(some), np.datetime64(self.last, "s")), some % 97 + 5)


def _hashed(numbers: Keys, salt: int) -> list[int]:
    """A key of 62 bits for each number, as scattered as the store's keyed hashes, and no two the same."""
    scattered = (numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)) & np.uint64(2**62 - 1)
    return cast("list[int]", scattered.tolist())


def _night(keys: Keys, made: Made) -> NDArray[np.datetime64]:
    """Which night each post was written on: the history in order, the new ones on the night after."""
    offsets = np.where(keys < made.mentions, keys * made.nights // max(made.mentions, 1), made.nights)
    return np.datetime64(FIRST, "D") + offsets


def _posts(table: str, keys: Keys, made: Made) -> list[Row]:
    draw, nights = np.random.default_rng(int(keys[0])), _night(keys, made)
    if table == "engagement":
        return _counts(keys, nights.astype("datetime64[s]") + np.timedelta64(2, "D"), keys % 50)
    return _mentions(keys, draw) if table == "mention" else _authored(keys, nights, draw)


def _rows(columns: Mapping[str, Iterable[object]]) -> list[Row]:
    """Rows from columns; a column that is `repeat(value)` has it in every row."""
    names = tuple(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=False)]


def _authored(keys: Keys, nights: NDArray[np.datetime64], draw: np.random.Generator) -> list[Row]:
    nothing = dict.fromkeys(
        ("handle_key", "repost_of_key", "quote_of_key", "reply_to_key", "text", "url"), repeat(None)
    )
    posts = _hashed(keys, 0)
    authors = np.minimum(draw.pareto(0.6, len(keys)) * 50, 400_000).astype(int)
    return _rows(
        nothing
        | {
            "post_key": posts,
            "author_key": _hashed(authors, 1),
            "cluster_key": posts,
            "near_key": keys.tolist(),
            "source": np.array(SOURCES)[keys % 4].tolist(),
            "lang": np.array(("fr", "fr", "en"))[keys % 3].tolist(),
            "kind": KINDS[draw.integers(0, 4, len(keys))].tolist(),
            "ownership": repeat("earned"),
            "reach_version": repeat("reach/1"),
            "followers": (100 + keys % 1000).tolist(),
            "reach_low": repeat(7.5),
            "reach_central": repeat(15.0),
            "reach_high": repeat(30.0),
            "created_at": (nights.astype("datetime64[s]") + np.timedelta64(10, "h")).tolist(),
            "night": nights.tolist(),
            "expires_on": nights.tolist(),
        }
    )


def _mentions(keys: Keys, draw: np.random.Generator) -> list[Row]:
    tone = draw.integers(0, 5, len(keys))
    brands = np.minimum(draw.pareto(0.8, len(keys)), 49).astype(int)
    return _rows(
        {
            "post_key": _hashed(keys, 0),
            "brand": np.array([b.slug for b in BRANDS])[brands].tolist(),
            "territory": repeat(None),
            "sense": repeat("territory"),
            "rule": repeat("name"),
            "matcher": repeat("match/1"),
            "label": LABELS[tone].tolist(),
            "toward": LABELS[tone].tolist(),
            "scorer": repeat("fr-fast/2+toward-fast/7"),
            "themes": TAGS[draw.integers(0, 4, len(keys))].tolist(),
            "audiences": repeat(""),
            "emotions": repeat(""),
            "senses": repeat(""),
            "score": SCORES[tone].tolist(),
            "toward_score": SCORES[tone].tolist(),
            "accepted": repeat(True),
            "by_brand_name": (keys % 9 == 0).tolist(),
        }
    )


def _counts(keys: Keys, at: NDArray[np.datetime64], likes: Keys) -> list[Row]:
    return _rows(
        {
            "post_key": _hashed(keys, 0),
            "likes": likes.tolist(),
            "reposts": (likes // 4).tolist(),
            "replies": repeat(1),
            "quotes": repeat(0),
            "views": (40 * likes).tolist(),
            "observed_at": at.tolist(),
        }
    )


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
