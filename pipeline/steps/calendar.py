"""The calendar of nights, as marks: which were listened to, which were not, and which brought too little."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from pipeline import collect
from pipeline.model import LedgerRow, Status

MARKS: dict[Status, str] = {"complete": "█", "partial": "▒", "failed": "✗", "budget": "€", "off": "○"}
FEWER, NEVER = "▁", "·"

LEGEND = "█ complete  ▁ complete, far fewer than expected  ▒ partial  € out of budget  ✗ failed  ○ off  · never asked"

# Of several rows for one night (several brands, or an import over a failed night) the worst is shown, an import apart.
WORST: tuple[Status, ...] = ("failed", "budget", "partial", "off", "complete")

# Fewer than half of what was expected, and than chance alone would bring once in a thousand nights.
_RARE = 0.001

Nights = dict[tuple[str, date], list[LedgerRow]]


def calendar(rows: Sequence[LedgerRow]) -> dict[str, list[tuple[str, str]]]:
    """For each source, its months as (YYYY-MM, one mark a night); `NEVER` is a night never asked for."""
    marks: dict[str, dict[date, str]] = defaultdict(dict)
    for (source, night), held in by_night(rows).items():
        marks[source][night] = _mark(held)
    return {source: list(_months(held)) for source, held in sorted(marks.items())}


def by_night(rows: Iterable[LedgerRow]) -> Nights:
    """The rows of each source and night."""
    nights: Nights = defaultdict(list)
    for row in rows:
        nights[row.source, row.night].append(row)
    return nights


def is_short(held: Sequence[LedgerRow]) -> bool:
    """Whether a complete night of one source brought far fewer posts than expected.

    A source with counts of its own is held against all it fetched, others against the mentions of the brands shown.
    """
    known = [row for row in held if row.run == "night" and row.status == "complete" and row.expected is not None]
    if not known:
        return False
    expected = sum(row.expected or 0 for row in known)
    fetched, kept = max(row.fetched for row in known), sum(row.kept for row in known)
    return too_few(fetched if _counts(known[0].source) else kept, expected)


def too_few(got: int, expected: int) -> bool:
    """Whether `got` is under half of `expected` and rarer than one in a thousand (Poisson) when that is the mean."""
    if got * 2 >= expected:
        return False
    if expected > 100:  # half of a hundred is rarer than one in ten million
        return True
    term = chance = math.exp(-expected)
    for count in range(1, got + 1):
        term *= expected / count
        chance += term
    return chance < _RARE


def _counts(source: str) -> bool:
    return source in collect.names() and hasattr(collect.load(source), "expected")


def _months(held: dict[date, str]) -> Iterable[tuple[str, str]]:
    months = sorted({night.replace(day=1) for night in held})
    for month in months:
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        days = (month + timedelta(days=n) for n in range((following - month).days))
        yield month.strftime("%Y-%m"), "".join(held.get(day, NEVER) for day in days)


def _mark(rows: list[LedgerRow]) -> str:
    if any(row.run.startswith("file:") for row in rows):
        return MARKS["complete"]
    mark = MARKS[min((row.status for row in rows), key=WORST.index)]
    return FEWER if mark == MARKS["complete"] and is_short(rows) else mark
