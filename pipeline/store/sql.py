"""The few statements that every write is made of: read the rows of a batch, put those that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Executable, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.store.database import Writing
from pipeline.store.rows import Row

# Values in one IN list: SQLite takes 32,766 in all, PostgreSQL 65,535.
_IN = 10_000


def names(table: Table) -> list[str]:
    """The table's columns except `revision`, which belongs to the transaction."""
    return [column.name for column in table.columns if column.name != "revision"]


def rows_of(connection: Connection, column: Column[Any], keys: Collection[int]) -> Iterator[Row]:
    """The rows whose `column` is one of `keys`, without their revision."""
    wanted = names(column.table)
    columns = [column.table.c[name] for name in wanted]
    for some in cut(sorted(keys), _IN):
        for row in connection.execute(select(*columns).where(column.in_(some))):
            yield dict(zip(wanted, row, strict=True))


def among(connection: Connection, column: Column[Any], keys: Collection[int]) -> set[int]:
    """Those of `keys` that `column` holds."""
    found: set[int] = set()
    for some in cut(sorted(keys), _IN):
        found.update(connection.execute(select(column).where(column.in_(some)).distinct()).scalars())
    return found


def cut(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Consecutive pieces of at most `size`."""
    return (values[at : at + size] for at in range(0, len(values), size))


def put(writing: Writing, table: Table, rows: Iterable[Row]) -> int:
    """Write whole rows by primary key, stamped with the transaction's revision if the table has one; how many.

    Rows are sorted by key so that a batch walks the index once. Two rows of one batch must not share a key.
    """
    key = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in key))
    if not ordered:
        return 0
    if "revision" in table.c:
        revision = writing.revision()
        ordered = [row | {"revision": revision} for row in ordered]
    writing.connection.execute(_upsert(writing.connection, table, key), ordered)
    return len(ordered)


def _upsert(connection: Connection, table: Table, key: list[str]) -> Executable:
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    others = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=others)
