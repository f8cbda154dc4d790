"""The calendar of nights, as marks: which were listened to, which were not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from pipeline.model import LedgerRow, Status

MARKS: dict[Status, str] = {"complete": "█", "partial": "▒", "failed": "✗", "budget": "€", "off": "○"}

# Of several rows for one night (several brands, or an import over a failed night) the worst is shown, an import apart.
WORST: tuple[Status, ...] = ("failed", "budget", "partial", "off", "complete")


def calendar(rows: Sequence[LedgerRow]) -> dict[str, list[tuple[str, str]]]:
    """For each source, its months as (YYYY-MM, one mark a night); `·` is a night never asked for."""
    nights: dict[str, dict[date, list[LedgerRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        nights[row.source][row.night].append(row)
    return {source: list(_months(held)) for source, held in sorted(nights.items())}


def _months(held: dict[date, list[LedgerRow]]) -> Iterable[tuple[str, str]]:
    months = sorted({night.replace(day=1) for night in held})
    for month in months:
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        days = (month + timedelta(days=n) for n in range((following - month).days))
        yield month.strftime("%Y-%m"), "".join(_mark(held.get(day, [])) for day in days)


def _mark(rows: list[LedgerRow]) -> str:
    if not rows:
        return "·"
    if any(row.run.startswith("file:") for row in rows):
        return MARKS["complete"]
    return MARKS[min((row.status for row in rows), key=WORST.index)]
