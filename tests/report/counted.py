"""The made-up mentions counted by hand, one by one, in plain Python: what every figure of a digest is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import mean

import duckdb
from pytest import approx

from tests.report import made_weeks


@dataclass(frozen=True)
class Row:
    """One accepted mention as the store gave it."""

    brand: str
    night: date
    source: str
    author: int
    sign: int | None
    by_name: bool
    reach: float
    tags: frozenset[tuple[str, str]]


@cache
def rows_of(published: Path) -> list[Row]:
    signs = {"positive": 1, "neutral": 0, "negative": -1}
    with duckdb.connect(str(published), read_only=True) as con:
        found = con.execute(
            "select m.brand, p.night, p.source, p.author_key, m.label, m.by_brand_name, p.reach_central, "
            "m.themes, m.emotions "
            "from raw.mention as m join raw.post as p on p.post_key = m.post_key where m.accepted"
        ).fetchall()
    return [
        Row(brand, night, source, author, signs.get(label), name, reach, _tags(themes, emotions))
        for brand, night, source, author, label, name, reach, themes, emotions in found
    ]


def _tags(themes: str, emotions: str) -> frozenset[tuple[str, str]]:
    kinds = (("theme", themes), ("emotion", emotions))
    return frozenset((kind, tag) for kind, tags in kinds for tag in tags.split(",") if tag)


class Counted:
    """A brand's weeks counted by hand from its mentions, on the nights that no source missed."""

    def __init__(self, published: Path, brand: str, week: date) -> None:
        self.published, self.brand, self.week = published, brand, week
        self.failed = {night for night in made_weeks.FAILED if brand == "outage"}
        self.first = made_weeks.W53 if brand == "newcomer" else made_weeks.FIRST

    def rows(self, *, back: int = 0, brand: str | None = None) -> list[Row]:
        """The mentions of the week, or of `back` weeks before."""
        first = self.week - timedelta(days=7 * back)
        week = {first + timedelta(days=n) for n in range(7)} - self.failed
        return [row for row in rows_of(self.published) if row.brand == (brand or self.brand) and row.night in week]

    def night(self, night: date) -> int | None:
        """Mentions of one night; None when it was not collected."""
        if night < self.first or night in self.failed:
            return None
        return sum(row.brand == self.brand and row.night == night for row in rows_of(self.published))

    def seen(self, sign: int) -> list[tuple[float, object, str]]:
        """How far each text of one tone was seen in the week, when it was first posted, and where that is."""
        label = {1: "positive", -1: "negative"}[sign]
        with duckdb.connect(str(self.published), read_only=True) as con:
            found = con.execute(
                "select p.source, p.cluster_key, p.created_at, t.url, coalesce(e.views, p.reach_central), p.night "
                "from raw.mention as m join raw.post as p on p.post_key = m.post_key "
                "join raw.post_text as t on t.post_key = p.post_key left join ("
                "select post_key, max(views) as views from raw.engagement group by post_key) as e "
                "on e.post_key = p.post_key "
                "where m.brand = ? and m.label = ? and abs(m.score) >= 0.5 and p.night between ? and ? "
                "order by p.created_at",
                [self.brand, label, self.week, self.week + timedelta(days=6)],
            ).fetchall()
        texts: dict[tuple[str, int], tuple[float, object, str]] = {}
        for source, cluster, created, url, views, night in found:
            if night not in self.failed:
                before, first, where = texts.get((source, cluster), (0, created, url))
                texts[source, cluster] = (before + views, first, where)
        return list(texts.values())

    def of_source(self, source: str) -> list[Row]:
        """The mentions of one source in the week, on the nights that it answered itself."""
        week = {self.week + timedelta(days=n) for n in range(7)} - (self.failed if source == "mastodon" else set())
        return [
            row for row in rows_of(self.published)
            if (row.brand, row.source) == (self.brand, source) and row.night in week
        ]  # fmt: skip

    def tone(self, back: int = 0) -> float | None:
        signs = [row.sign for row in self.rows(back=back) if row.sign is not None]
        return mean(signs) if signs else None


def close(value: float) -> object:
    """Equal to the fifth decimal: the quantile of 95 % is written with five or six."""
    return approx(value, abs=1e-5)


def wilson(count: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z, p = 1.95996, count / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n) - half) / (1 + z * z / n), (p + z * z / (2 * n) + half) / (1 + z * z / n)


def known_tone(rows: list[Row]) -> float | None:
    """Positive less negative of what was scored; None under 30 mentions scored or 30 authors."""
    scored = [row for row in rows if row.sign is not None]
    enough = min(len(scored), len({row.author for row in scored})) >= 30
    return mean(row.sign for row in scored) if enough else None


def score_limits(rows: list[Row]) -> list[float]:
    """The two tones t for which (s - t)² = z (polar - t²), z being 1.96² / n: each mention is of another author here.

    Half a mention that takes sides is added to those that do.
    """
    assert len({row.author for row in rows}) == len(rows)
    n, s = len(rows), mean(row.sign for row in rows)
    polar = (sum(row.sign != 0 for row in rows) + 0.5) / (n + 0.5)
    z = 1.95996**2 / n
    # (1 + z) t² - 2 s t + s² - z polar = 0
    root = sqrt(s * s - (1 + z) * (s * s - z * polar))
    return [(s - root) / (1 + z), (s + root) / (1 + z)]
