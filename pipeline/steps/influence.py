"""Find who carried each brand over half a year, from the published file, and keep it for the next build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import groupby

import msgspec

from pipeline import influence as graph
from pipeline import warehouse
from pipeline.errors import ConfigError
from pipeline.settings import Settings

# Half a year holds two seasons and a few campaigns; a year would rank who was loud once.
NIGHTS = 180
TIES = (
    "select brand, post_number, author_number, repost_count, carried_number from mention_tie "
    "where night > ? and night <= ? order by brand, post_number, carried_number"
)


def influence(settings: Settings, month: date) -> dict[str, int]:
    """Write <home>/influence/<month>.jsonl over the 180 nights up to the month's end; brand -> authors listed.

    The next build takes the file in; run it again and the same published file gives the same one. Raises ConfigError
    when the month is not over in the published file, or the graph libraries are absent.
    """
    path = settings.published / "rayonner.duckdb"
    first = month.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    last = warehouse.query(path, "select max(night) from dim_date")[1][0][0]
    if not isinstance(last, date) or last < end:
        raise ConfigError(f"{first:%Y-%m} is not over in the published file, which ends on {last}")
    found = {brand: graph.carriers(said) for brand, said in _said(settings, end)}
    rows = [{"brand": brand, "period": first, **asdict(one)} for brand, listed in found.items() for one in listed]
    warehouse.keep_influence(settings.home, first, msgspec.json.Encoder().encode_lines(rows))
    return {brand: len(listed) for brand, listed in found.items()}


def _said(settings: Settings, end: date) -> Iterator[tuple[str, list[graph.Said]]]:
    """The posts of each brand over the nights up to `end`."""
    bounds = [end - timedelta(days=NIGHTS), end]
    rows = warehouse.query(settings.published / "rayonner.duckdb", TIES, bounds)[1]
    ties = msgspec.convert(rows, list[tuple[str, int, int, int | None, int | None]])
    by_brand: dict[str, list[graph.Said]] = defaultdict(list)
    for (brand, _, author, reposts), tied in groupby(ties, key=lambda row: row[:4]):
        by_brand[brand].append(graph.Said(author, tuple(row[4] for row in tied if row[4] is not None), reposts))
    yield from by_brand.items()
