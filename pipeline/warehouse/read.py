"""Reads the published file for people and programs: one question, one export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import duckdb

from pipeline.errors import ConfigError
from pipeline.warehouse import excel
from pipeline.warehouse.database import candidates, first_line, name, quoted, reading

Table = tuple[list[str], list[tuple[object, ...]]]

# A spreadsheet runs a cell that starts with one of these as a formula; an apostrophe makes it text.
FORMULA = r"^[=+\-@\t\r]"
FORMATS = {
    "csv": "format csv, header",
    "parquet": "format parquet, compression zstd",
    "json": "format json, array true",
    "xlsx": "",
}
# The columns that a question is most often narrowed by, and where the published file has the names they know.
NAMES = {
    "brand": "select brand from dim_brand",
    "metric": "select metric from metric_definition",
    "grain": "select distinct grain from bridge_period",
}
NAMED = re.compile(r"\b(brand|metric|grain)\s*(?:=|\bin\s*\()\s*((?:'[^']*'[\s,]*)+)", re.I)
# Rows held at once on the way into a workbook.
BATCH = 10_000


def query(path: Path, sql: str, params: Sequence[object] = ()) -> Table:
    """Column names and rows of one read-only question. Files, network and settings are out of the SQL's reach.

    Raises ConfigError when the SQL is wrong, FatalError when the file is not there.
    """
    with reading(path) as con:
        try:
            cursor = con.execute(sql, list(params))
            return [d[0] for d in cursor.description or ()], cursor.fetchall()
        except (duckdb.ProgrammingError, duckdb.DataError, duckdb.PermissionException) as error:
            raise ConfigError(f"the query cannot be run: {first_line(error)}{candidates(error)}") from error


def unknown(path: Path, sql: str) -> Iterator[str]:
    """What a question without an answer compares with a brand, metric or grain that is not there, and the cure.

    A hint for people: only names written beside `brand =` or `brand in (` and the like are looked at.
    """
    for column, literals in NAMED.findall(sql):
        known = sorted(str(row[0]) for row in query(path, NAMES[column.lower()])[1])
        for asked in re.findall(r"'([^']*)'", literals):
            # The ledger of an archive says "*" for all brands.
            if asked not in {*known, "*"}:
                near = get_close_matches(asked, known, n=1)
                cure = f"did you mean {near[0]!r}?" if near else f"names are in: {NAMES[column.lower()]}"
                yield f"no {column.lower()} is called {asked!r}; {cure}"


def export(path: Path, table: str, to: Path, file_format: str) -> int:
    """Write one table or view as `csv`, `parquet`, `json` or `xlsx`, and return its number of rows; replaced whole.

    CSV is UTF-8 with a header; text that a spreadsheet would run as a formula is put behind an apostrophe, and in a
    workbook it is text. Raises ConfigError when no table or no format has that name, or a workbook cannot hold it.
    """
    if file_format not in FORMATS:
        raise ConfigError(f"no format is called {file_format!r}; there are: {', '.join(FORMATS)}")
    new = to.with_name(to.name + ".new")
    try:
        with reading(path, sealed=False) as con:
            columns = _columns(con, table)
            if file_format == "xlsx":
                count = _workbook(con, table, columns, new)
            else:
                count = _copy(con, table, columns, new, file_format)
        new.replace(to)
    finally:
        new.unlink(missing_ok=True)
    return count


def _copy(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[tuple[str, str]], new: Path, file_format: str
) -> int:
    chosen = ", ".join(_safe(c, t) if file_format == "csv" else name(c) for c, t in columns)
    con.execute(f"copy (select {chosen} from {name(table)}) to {quoted(str(new))} ({FORMATS[file_format]})")  # noqa: S608
    row = con.execute(f"select count(*) from {name(table)}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _workbook(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[tuple[str, str]], new: Path) -> int:
    cursor = con.execute(f"select * from {name(table)}")  # noqa: S608
    return excel.write(new, [c for c, _ in columns], iter(lambda: cursor.fetchmany(BATCH), []))


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
    own = name(column)
    if data_type != "VARCHAR":
        return own
    return f"case when regexp_matches({own}, {quoted(FORMULA)}) then '''' || {own} else {own} end as {own}"
