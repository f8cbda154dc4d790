"""The published rows of a file, in an order of their own, so that two files can be compared."""

from __future__ import annotations

from pathlib import Path

from pipeline import warehouse

# What says when and by which run a file was made differs between two runs by right.
APART = {"publication"}


def tables(path: Path) -> list[str]:
    sql = "select table_name from information_schema.tables where table_schema = 'main' and table_type = 'BASE TABLE'"
    return sorted(str(row[0]) for row in warehouse.query(path, sql)[1] if row[0] not in APART)


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    path = home / "published" / "rayonner.duckdb"
    return {
        name: sorted(
            (
                tuple(v for c, v in zip(columns, row, strict=True) if c not in {"revision", "batch"})
                for columns, found in [warehouse.query(path, f'select * from "{name}"')]
                for row in found
            ),
            key=repr,
        )
        for name in tables(path)
    }
