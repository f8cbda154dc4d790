"""Writes what the models need and the store does not hold: the nights, the brands, the sources' terms."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import duckdb
import msgspec

from pipeline.collect import Legal
from pipeline.model import Brand
from pipeline.warehouse.landing import Row, land
from pipeline.warehouse.models import ROOT
from pipeline.warehouse.paths import INFLUENCE_FOLDER

# The published copies are kept for seven nights, so a text leaves the newest one that long before it must be gone.
KEPT_NIGHTS = 7

BRAND = {
    "brand": "varchar",
    "name": "varchar",
    "territory": "varchar",
    "insee": "varchar",
    "level": "varchar",
    "since": "date",
}
PEER = {"brand": "varchar", "peer": "varchar"}
CAMPAIGN = {"brand": "varchar", "campaign": "varchar", "channel": "varchar", "starts_on": "date", "ends_on": "date"}
SOURCE = {"source": "varchar", "show_text": "boolean", "show_link": "boolean", "combine_engagement": "boolean"}
NIGHT = {
    "night": "date",
    "day_number": "integer",
    "weekday": "integer",
    "month_length": "integer",
    "week": "date",
    "week_end": "date",
    "month": "date",
    "month_end": "date",
}
BUILD = {"night": "date", "forget_on": "date"}
ACCOUNT = {"brand": "varchar", "role": "varchar", "name": "varchar", "source": "varchar", "author_key": "bigint"}
# Figures from outside that no program computes at night: sql/seeds/<table>.csv, each row with its origin or its count.
FIGURES = {
    "platform_users": {"source": "varchar", "user_count": "bigint", "origin": "varchar", "since": "date"},
    "confusion": {
        "scorer": "varchar",
        "lang": "varchar",
        "truth": "varchar",
        "told": "varchar",
        "answer_count": "bigint",
    },
}
INFLUENCE = {
    "brand": "varchar",
    "author": "bigint",
    "pagerank": "double",
    **dict.fromkeys(("rank", "rank_low", "rank_high", "h_repost", "community", "posts", "carriers"), "integer"),
    "period": "date",
}
TABLES = ("brand", "brand_peer", "campaign", "source", "night", "build", "account", "influence", *FIGURES)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a brand file registers: `role` is owned, partner or press, `name` the account or the site.

    `author_key` is what the store calls it; None where only the platform knows the number behind the name.
    """

    brand: str
    role: str
    name: str
    source: str
    author_key: int | None


def seed(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], columns: Mapping[str, str], folder: Path
) -> None:
    """Replace raw.<table> by the rows."""
    land(con, f"seed_{table}", [rows], columns, folder)
    con.execute(f"create or replace table raw.{table} as select * from seed_{table}")  # noqa: S608
    con.execute(f"drop table seed_{table}")


def seed_brands(
    con: duckdb.DuckDBPyConnection, brands: Sequence[Brand], legal: Mapping[str, Legal], folder: Path
) -> None:
    """Replace the brands, their peers, their campaigns and the sources' terms."""
    seed(con, "brand", [_brand(b) for b in brands], BRAND, folder)
    peers = [{"brand": b.slug, "peer": p} for b in brands for p in b.peers if p != b.slug]
    seed(con, "brand_peer", peers, PEER, folder)
    seed(con, "campaign", list(_campaigns(brands)), CAMPAIGN, folder)
    seed(con, "source", [_source(n, terms) for n, terms in legal.items()], SOURCE, folder)


def seed_accounts(con: duckdb.DuckDBPyConnection, accounts: Sequence[Account], folder: Path) -> None:
    """Replace the registered accounts: the only ones whose names leave the store."""
    seed(con, "account", [asdict(a) for a in accounts], ACCOUNT, folder)


@cache
def figures(root: Path = ROOT) -> Mapping[str, tuple[Row, ...]]:
    """The rows of each file of figures, read once a process."""
    found = {}
    for table in FIGURES:
        with (root / "seeds" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found[table] = tuple(csv.DictReader(file))
    return found


def seed_figures(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Replace the figures from outside."""
    for table, columns in FIGURES.items():
        seed(con, table, figures()[table], columns, folder)


def keep_influence(home: Path, month: date, lines: bytes) -> None:
    """Keep what was found of one month, rows of INFLUENCE as JSON lines, for the builds to come; replaced whole."""
    folder = home / INFLUENCE_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{month}.new"
    new.write_bytes(lines)
    new.replace(folder / f"{month}.jsonl")


def seed_influence(con: duckdb.DuckDBPyConnection, home: Path, folder: Path) -> None:
    """Replace what was found of who carries the brands: every month that was kept."""
    found = sorted((home / INFLUENCE_FOLDER).glob("*.jsonl"))
    batches = (msgspec.json.Decoder().decode_lines(path.read_bytes()) for path in found)
    land(con, "seed_influence", batches, INFLUENCE, folder)
    con.execute(
        "create or replace table raw.influence as "
        "select author as author_key, s.* exclude (author) from seed_influence as s"
    )
    con.execute("drop table seed_influence")


def seed_nights(con: duckdb.DuckDBPyConnection, night: date, today: date, folder: Path) -> None:
    """Replace the nights: from the first one with a post or a ledger row, to `night`."""
    row = con.execute("select least((select min(night) from raw.post), (select min(night) from raw.ledger))").fetchone()
    first = row[0] if row and row[0] else night
    seed(con, "night", list(nights(min(first, night), night)), NIGHT, folder)
    seed(con, "build", [{"night": night, "forget_on": today + timedelta(days=KEPT_NIGHTS)}], BUILD, folder)


def nights(first: date, last: date) -> Iterator[Row]:
    """The calendar rows of the nights from `first` to `last`, both included. Weeks are ISO weeks."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        night = date.fromordinal(ordinal)
        length = monthrange(night.year, night.month)[1]
        monday = night - timedelta(days=night.weekday())
        yield {
            "night": night,
            "day_number": ordinal,
            "weekday": night.isoweekday(),
            "month_length": length,
            "week": monday,
            "week_end": monday + timedelta(days=6),
            "month": night.replace(day=1),
            "month_end": night.replace(day=length),
        }


def _brand(brand: Brand) -> Row:
    return {
        "brand": brand.slug,
        "name": brand.name,
        "territory": brand.territory,
        "insee": brand.insee,
        "level": brand.level,
        "since": brand.since,
    }


def _campaigns(brands: Sequence[Brand]) -> Iterator[Row]:
    for brand in brands:
        for campaign in brand.campaigns:
            yield {
                "brand": brand.slug,
                "campaign": campaign.name,
                "channel": campaign.channel,
                "starts_on": campaign.start,
                "ends_on": campaign.end,
            }


def _source(name: str, terms: Legal) -> Row:
    return {
        "source": name,
        "show_text": terms.show_text,
        "show_link": terms.show_link,
        "combine_engagement": terms.combine_engagement,
    }
