"""Reads the published file for people and programs: one question, one small table, one export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

from pipeline.errors import ConfigError
from pipeline.warehouse.database import first_line, name, quoted, reading

# A spreadsheet runs a cell that starts with one of these as a formula; an apostrophe makes it text.
FORMULA = r"^[=+\-@\t\r]"


@dataclass(frozen=True, slots=True)
class BrandLine:
    """Where a brand stands: counts, net sentiment in [-1, 1] with its 95 % interval, reach in screen appearances.

    None is not known or not enough. `grain` is `rolling28`, or `month` when some of the last 28 nights are missing.
    """

    brand: str
    name: str
    mentions: int | None
    authors: int | None
    scored: int | None
    net_sentiment: float | None
    low: float | None
    high: float | None
    reach_low: float | None
    reach_central: float | None
    reach_high: float | None
    share_of_voice: float | None
    coverage: float | None
    grain: str
    period: date
    night: date


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One source x brand x night that was asked for; `coverage` is 1.0 when it answered in full, else 0.0."""

    source: str
    brand: str
    night: date
    status: str
    coverage: float


def query(path: Path, sql: str, params: Sequence[object] = ()) -> tuple[list[str], list[tuple[object, ...]]]:
    """Column names and rows of one read-only question. Files, network and settings are out of the SQL's reach.

    Raises ConfigError when the SQL is wrong, FatalError when the file is not there.
    """
    with reading(path) as con:
        try:
            cursor = con.execute(sql, list(params))
            return [d[0] for d in cursor.description or ()], cursor.fetchall()
        except (duckdb.ProgrammingError, duckdb.DataError, duckdb.PermissionException) as error:
            raise ConfigError(f"the query cannot be run: {first_line(error)}") from error


def brands_table(path: Path) -> list[BrandLine]:
    """One line per brand listened to, those with most mentions first."""
    _, rows = query(
        path,
        "select brand, name, mention_count, author_count, scored_count, net_sentiment, net_sentiment_low, "
        "net_sentiment_high, reach_low, reach_central, reach_high, share_of_voice, coverage, grain, period, night "
        "from brand_now order by mention_count desc nulls last, brand",
    )
    return [BrandLine(*row) for row in rows]  # type: ignore[arg-type]


def coverage(path: Path, *, first: date | None = None, last: date | None = None) -> list[CoverageLine]:
    """What was asked for and what came back, per source, brand and night, oldest first; both ends are included."""
    _, rows = query(
        path,
        "select source, brand, night, status, case when is_complete then 1.0 else 0.0 end::double from coverage_night "
        "where night >= coalesce(?::date, night) and night <= coalesce(?::date, night) order by night, source, brand",
        [first, last],
    )
    return [CoverageLine(*row) for row in rows]  # type: ignore[arg-type]


def export(path: Path, table: str, to: Path, file_format: Literal["csv", "parquet", "json"]) -> int:
    """Write one table or view to a file and return its number of rows; the file is replaced whole.

    CSV is UTF-8 with a header; text that a spreadsheet would run as a formula is put behind an apostrophe. Raises
    ConfigError when no table has that name.
    """
    options = {"csv": "format csv, header", "parquet": "format parquet, compression zstd", "json": "format json, array"}
    new = to.with_name(to.name + ".new")
    with reading(path, sealed=False) as con:
        columns = _columns(con, table)
        chosen = ", ".join(_safe(c, t) if file_format == "csv" else name(c) for c, t in columns)
        con.execute(f"copy (select {chosen} from {name(table)}) to {quoted(str(new))} ({options[file_format]})")
        row = con.execute(f"select count(*) from {name(table)}").fetchone()
    new.replace(to)
    return int(row[0]) if row else 0


def tables(path: Path) -> list[tuple[str, str]]:
    """The tables and views for readers, with what one row of each is."""
    _, rows = query(
        path,
        "select table_name, comment from duckdb_tables() where schema_name = 'main' union all "
        "select view_name, comment from duckdb_views() where schema_name = 'main' and not internal order by 1",
    )
    return [(str(table), str(about)) for table, about in rows]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = 'main' and not internal and table_name = ? order by column_index",
        [table],
    ).fetchall()
    if not columns:
        raise ConfigError(f'no table or view is called {table!r}: `rayonner query "show tables"` lists them')
    return columns


def _safe(column: str, data_type: str) -> str:
    if data_type != "VARCHAR":
        return name(column)
    return f"case when regexp_matches({name(column)}, {quoted(FORMULA)}) then '''' || {name(column)} else {name(column)} end as {name(column)}"
