"""Writes the Parquet twins of the published tables: for tools that do not read DuckDB."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipeline.warehouse import anomaly
from pipeline.warehouse import models as sql
from pipeline.warehouse.database import name, quoted, reading
from pipeline.warehouse.publication import Publication

# Which file the twins are the twins of; gone while they are written.
STAMP = ".twin-of"


def write(path: Path, folder: Path, publication: Publication) -> None:
    """One Parquet file per table, each replaced whole; those of tables that are gone are removed.

    A table whose SQL file says `twin: by month`, and night_test, is a folder of months instead, of which only those
    that the build redid are written, if the folder holds the very file that the build was made from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_month = {m.name: (m.keys[-1], m.keys[-1]) for m in sql.read().values() if "twin" in m.header}
    by_month[anomaly.TABLE] = ("tested", "night")
    with reading(path, sealed=False) as con:
        held = _held(con, folder / STAMP, publication)
        (folder / STAMP).unlink(missing_ok=True)
        tables = _tables(con)
        for table in tables:
            if table in by_month:
                _write_months(con, table, *by_month[table], folder / table, held)
            else:
                _write_twin(con, f"select * from {name(table)}", folder / f"{table}.parquet")  # noqa: S608
    kept = {*(t if t in by_month else f"{t}.parquet" for t in tables)}
    for old in [p for p in folder.iterdir() if p.name not in kept]:
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    (folder / STAMP).write_text(publication.stamp, "utf-8")
    sync(folder)


def _held(con: duckdb.DuckDBPyConnection, stamp: Path, publication: Publication) -> frozenset[tuple[str, date]] | None:
    """The months to write anew by key column; None is all of them, since nobody knows what the folder holds."""
    there = stamp.read_text("utf-8") if stamp.exists() else ""
    if there == publication.stamp:
        return frozenset()
    row = con.execute("select made_from from publication").fetchone()
    if not row or row[0] != there:
        return None
    return frozenset(con.execute("select key_column, month from raw.touched_month").fetchall())


def _write_months(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: str,
    column: str,
    folder: Path,
    due: frozenset[tuple[str, date]] | None,
) -> None:
    """Write the months by `column` that are due under `key` or not there, and remove those without rows."""
    folder.mkdir(exist_ok=True)
    kept = set()
    for month in _months(con):
        path = folder / f"{month:%Y-%m}.parquet"
        if due is None or (key, month) in due or not path.exists():
            after = (month + timedelta(days=31)).replace(day=1)
            rows = f"select * from {name(table)} where {column} >= date '{month}' and {column} < date '{after}'"  # noqa: S608
            if not con.execute(f"{rows} limit 1").fetchall():
                continue
            _write_twin(con, rows, path)
        kept.add(path.name)
    for old in [p for p in folder.iterdir() if p.name not in kept]:
        old.unlink()
    sync(folder)


def _months(con: duckdb.DuckDBPyConnection) -> list[date]:
    """Every month that a night or a period may be named by: a week is named by its Monday."""
    months = "select date_trunc('month', night)::date from dim_date union select date_trunc('month', week)::date"
    return [month for (month,) in con.execute(f"{months} from dim_date order by 1").fetchall()]


def _write_twin(con: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    new = path.with_name(f".{path.stem}.new")
    con.execute(f"copy ({rows}) to {quoted(str(new))} (format parquet, compression zstd)")
    sync(new)
    new.replace(path)


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that get a Parquet twin: those for readers, not the raw ones, and not views."""
    rows = con.execute("select table_name from duckdb_tables() where schema_name = 'main' order by table_name")
    return [table for (table,) in rows.fetchall()]


def sync(path: Path) -> None:
    """Wait until the file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
