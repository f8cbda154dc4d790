"""The published rows of a file, in an order of their own, so that two files can be compared."""

from __future__ import annotations

from pathlib import Path

from pipeline import warehouse

# What says when and by which run a file was made differs between two runs by right.
APART = {"main.publication", "raw.build", "raw.touched_month"}
RUN_COLUMNS = {"revision", "batch"}

TABLES = "select schema_name || '.' || table_name from duckdb_tables() order by all"


def tables(path: Path) -> dict[str, list[str]]:
    """Each table and its columns that say something of the posts."""
    names = [str(row[0]) for row in warehouse.query(path, TABLES)[1] if row[0] not in APART]
    found = {name: warehouse.query(path, f"select * from {name} limit 0")[0] for name in names}
    return {name: [c for c in columns if c not in RUN_COLUMNS] for name, columns in found.items()}


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, for small files."""
    path = home / "published" / "rayonner.duckdb"
    return {
        name: sorted(warehouse.query(path, f"select {', '.join(map(quoted, columns))} from {name}")[1], key=repr)
        for name, columns in tables(path).items()
    }


def checksums(home: Path) -> dict[str, tuple[object, ...]]:
    """The number of rows of every table and a sum over their contents that no order changes."""
    path = home / "published" / "rayonner.duckdb"
    return {
        name: warehouse.query(
            path, f"select count(*), sum(cast(hash({', '.join(map(quoted, columns))}) as hugeint)) from {name}"
        )[1][0]
        for name, columns in tables(path).items()
    }


def quoted(column: str) -> str:
    return f'"{column}"'
