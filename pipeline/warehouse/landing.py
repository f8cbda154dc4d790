"""Brings rows to the warehouse: written as JSON lines, read by DuckDB; merge.py takes in what differs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb
import msgspec

from pipeline.warehouse.database import quoted

log = logging.getLogger(__name__)

Row = Mapping[str, object]

# table -> (key columns, column -> type). What is not named here never reaches the warehouse: no id, handle or evidence.
# Times arrive zoned or as plain UTC and become plain UTC.
RAW: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "post": (
        ("post_key",),
        {
            **dict.fromkeys(("post_key", "author_key", "handle_key"), "bigint"),
            **dict.fromkeys(("repost_of_key", "quote_of_key", "reply_to_key"), "bigint"),
            **dict.fromkeys(("cluster_key", "near_key"), "bigint"),
            "source": "varchar",
            "lang": "varchar",
            "kind": "varchar",
            "ownership": "varchar",
            "reach_version": "varchar",
            "followers": "bigint",
            "reach_low": "double",
            "reach_central": "double",
            "reach_high": "double",
            "created_at": "timestamp",
            "night": "date",
        },
    ),
    "addressed": (("post_key", "handle_key"), {"post_key": "bigint", "handle_key": "bigint"}),
    "engagement": (
        ("post_key", "observed_at"),
        {
            "post_key": "bigint",
            **dict.fromkeys(("likes", "reposts", "replies", "quotes", "views"), "bigint"),
            "observed_at": "timestamp",
        },
    ),
    "mention": (
        ("post_key", "brand"),
        {
            "post_key": "bigint",
            "brand": "varchar",
            "territory": "varchar",
            "sense": "varchar",
            "rule": "varchar",
            "matcher": "varchar",
            "label": "varchar",
            "toward": "varchar",
            "scorer": "varchar",
            **dict.fromkeys(("themes", "audiences", "emotions", "senses"), "varchar"),
            "score": "double",
            "toward_score": "double",
            "accepted": "boolean",
            "by_brand_name": "boolean",
        },
    ),
    "ledger": (
        ("source", "brand", "night", "run"),
        {
            "source": "varchar",
            "brand": "varchar",
            "run": "varchar",
            "status": "varchar",
            "asked": "bigint",
            "fetched": "bigint",
            "kept": "bigint",
            "duplicates": "bigint",
            "skipped": "bigint",
            "cost_micros": "bigint",
            "truncated": "boolean",
            "night": "date",
        },
    ),
    "ledger_scope": (("run", "brand"), {"run": "varchar", "brand": "varchar"}),
    "attention": (("brand", "lang", "day"), {"brand": "varchar", "lang": "varchar", "views": "bigint", "day": "date"}),
}
DELETION = {"post_key": "bigint"}
# What belongs to a post and lies beside its night: keys are hashes, so only the night tells where to look for one.
OF_POSTS = ("addressed", "engagement", "mention")


class Changes(Protocol):
    """What the store hands over, read in one transaction: rows as column -> value, in lists of any size.

    Tables: post, addressed, engagement, mention, ledger, ledger_scope, attention, deletion (post_key). `revision` is
    the highest one that is shown; `changes(table, since)` yields the rows whose own revision is above `since`.
    """

    @property
    def revision(self) -> int:
        """The store's revision at that moment."""
        ...

    def changes(self, table: str, since: int) -> Iterator[list[dict[str, object]]]:
        """The rows of `table` written after `since`."""
        ...


def land(
    con: duckdb.DuckDBPyConnection,
    table: str,
    batches: Iterable[Sequence[Row]],
    columns: Mapping[str, str],
    folder: Path,
    keep: Callable[[Row], Row] | None = None,
) -> int:
    """Fill the temporary table `table` with the batches' `columns`; returns how many rows.

    The rows pass through a file, so memory holds one batch at most: 5 to 200 times faster than inserts.
    """
    path = folder / f"{table}.jsonl"
    try:
        count = _write(path, batches, tuple(columns), keep)
        con.execute(f"create or replace temp table {table} as {_read(path, columns)}")
    finally:
        path.unlink(missing_ok=True)
    return count


def _write(
    path: Path, batches: Iterable[Sequence[Row]], columns: tuple[str, ...], keep: Callable[[Row], Row] | None
) -> int:
    encoder = msgspec.json.Encoder()
    count = 0
    with path.open("wb") as file:
        path.chmod(0o600)
        for batch in batches:
            rows = batch if keep is None else map(keep, batch)
            lines = [{c: row[c] for c in columns} for row in rows]
            file.write(encoder.encode_lines(lines))
            count += len(lines)
    return count


def _read(path: Path, columns: Mapping[str, str]) -> str:
    # A plain time and a zoned one both parse as timestamptz on a connection set to UTC.
    read = {c: "timestamptz" if t == "timestamp" else t for c, t in columns.items()}
    spec = ", ".join(f"{quoted(c)}: {quoted(t)}" for c, t in read.items())
    casts = ", ".join(f'cast("{c}" as {t}) as "{c}"' for c, t in columns.items())
    options = f"format = 'newline_delimited', columns = {{{spec}}}, maximum_object_size = 33554432"
    return f"select {casts} from read_json({quoted(str(path))}, {options})"  # noqa: S608


def create_raw(con: duckdb.DuckDBPyConnection) -> None:
    """Make the raw tables where they are missing; OF_POSTS also get the night of their post."""
    con.execute("create schema if not exists raw")
    for table, (_, columns) in RAW.items():
        whole = {**columns, "night": "date"} if table in OF_POSTS else columns
        con.execute(f"create table if not exists raw.{table} ({', '.join(f'{c} {t}' for c, t in whole.items())})")


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    return len(con.table(table))
