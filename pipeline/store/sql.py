"""The few statements that every write is made of: read the rows of a batch, put those that changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Dialect, Table, any_, func, literal, select
from sqlalchemy.dialects import postgresql

from pipeline.store import tables
from pipeline.store.database import Writing
from pipeline.store.rows import Row

# From here on PostgreSQL takes rows faster through COPY and a staging table (twice as fast at 2,000 rows, measured);
# below, its three round trips cost more than they save.
_COPY_FROM = 200

Values = tuple[Any, ...]


def names(table: Table) -> list[str]:
    """The table's columns except `revision`, which belongs to the transaction."""
    return [column.name for column in table.columns if column.name != "revision"]


def one_of(connection: Connection, column: Column[int], keys: Collection[int]) -> ColumnElement[bool]:
    """`column` is one of `keys`, whatever their number: one bound value, so the statement is compiled once."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(keys), postgresql.ARRAY(BigInteger)))
    given = func.json_each(json.dumps(list(keys))).table_valued("value")
    return column.in_(select(given.c.value))


def rows_of(connection: Connection, column: Column[int], keys: Collection[int]) -> Iterator[Row]:
    """The rows whose `column` is one of `keys`, without their revision."""
    if not keys:
        return
    wanted = names(column.table)
    query = select(*(column.table.c[name] for name in wanted)).where(one_of(connection, column, keys))
    for row in connection.execute(query):
        yield dict(zip(wanted, row, strict=True))


def among(connection: Connection, column: Column[int], keys: Collection[int]) -> set[int]:
    """Those of `keys` that `column` holds."""
    if not keys:
        return set()
    return set(connection.execute(select(column).where(one_of(connection, column, keys))).scalars())


def cut(values: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Consecutive pieces of at most `size`."""
    return (values[at : at + size] for at in range(0, len(values), size))


def put(writing: Writing, table: Table, rows: Iterable[Row]) -> int:
    """Write whole rows by primary key, stamped with the transaction's revision if the table has one; how many.

    Rows are sorted by key so that a batch walks the index once. Two rows of one batch must not share a key.
    """
    connection = writing.connection
    way = _way(connection.dialect, table.name)
    values = [way.take(row) for row in rows]
    if not values:
        return 0
    values.sort(key=itemgetter(slice(0, way.key_width)))
    stamp = (writing.revision(),) if "revision" in table.c else ()
    ready = [_converted(row, way.converters) + stamp for row in values]
    if connection.dialect.name == "postgresql" and len(ready) >= _COPY_FROM:
        _copy(connection, table.name, way.listed, ready)
        connection.exec_driver_sql(way.settle)
    else:
        connection.exec_driver_sql(way.upsert, ready)
    return len(ready)


def change(writing: Writing, table: Table, columns: Sequence[str], rows: Mapping[Values, Values]) -> int:
    """Set `columns` of existing rows, given by primary key, and stamp them with the transaction's revision."""
    if not rows:
        return 0
    connection, name, key = writing.connection, table.name, [column.name for column in table.primary_key]
    revision, changed = (writing.revision(),), (*columns, "revision")
    ready = [rows[own] + revision + own for own in sorted(rows)]
    if connection.dialect.name == "postgresql":
        _copy(connection, name, ", ".join((*changed, *key)), ready)
        sets = ", ".join(f"{column} = seen.{column}" for column in changed)
        where = " AND ".join(f"kept.{column} = seen.{column}" for column in key)
        connection.exec_driver_sql(f"UPDATE {name} kept SET {sets} FROM incoming_{name} seen WHERE {where}")  # noqa: S608
    else:
        sets, where = ", ".join(f"{column} = ?" for column in changed), " AND ".join(f"{column} = ?" for column in key)
        connection.exec_driver_sql(f"UPDATE {name} SET {sets} WHERE {where}", ready)  # noqa: S608
    return len(ready)


@dataclass(frozen=True, slots=True)
class _Way:
    """How rows of one table travel to one database: driver SQL and tuples, five times faster than statements."""

    take: Callable[[Row], Values]
    key_width: int
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]
    upsert: str
    settle: str
    listed: str


@cache
def _way(dialect: Dialect, name: str) -> _Way:
    """The statements of a table, compiled once; its key comes first, its revision last."""
    table = tables.metadata.tables[name]
    wanted, key = names(table), [column.name for column in table.primary_key]
    written = wanted + (["revision"] if "revision" in table.c else [])
    listed = ", ".join(f'"{column}"' for column in written)
    others = ", ".join(f'"{column}" = excluded."{column}"' for column in written if column not in key)
    on_conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {others}"
    marks = ", ".join(["%s" if dialect.name == "postgresql" else "?"] * len(written))
    return _Way(
        take=itemgetter(*wanted),
        key_width=len(key),
        converters=_converters(dialect, [table.c[column] for column in wanted]),
        upsert=f"INSERT INTO {name} ({listed}) VALUES ({marks}) {on_conflict}",  # noqa: S608 names are our own
        settle=f"INSERT INTO {name} ({listed}) SELECT {listed} FROM incoming_{name} {on_conflict}",  # noqa: S608
        listed=listed,
    )


def _converters(dialect: Dialect, columns: Sequence[Column[Any]]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """What SQLAlchemy would do to the values of these columns, by position; most need nothing."""
    found = ((at, column.type.dialect_impl(dialect).bind_processor(dialect)) for at, column in enumerate(columns))
    return tuple((at, convert) for at, convert in found if convert)


def _converted(values: Values, converters: tuple[tuple[int, Callable[[Any], Any]], ...]) -> Values:
    if not converters:
        return values
    row = list(values)
    for at, convert in converters:
        row[at] = convert(row[at])
    return tuple(row)


def _copy(connection: Connection, name: str, listed: str, ready: Sequence[Values]) -> None:
    """Bring rows to PostgreSQL's staging table of `name`, which is empty at the start of each transaction."""
    shape = f"ON COMMIT DELETE ROWS AS SELECT * FROM {name} WITH NO DATA"  # noqa: S608 unlike LIKE, without NOT NULL
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS incoming_{name} {shape}")
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY incoming_{name} ({listed}) FROM STDIN") as sink:
        for row in ready:
            sink.write_row(row)
    # Without its size the planner reads the whole of `name` for each batch.
    connection.exec_driver_sql(f"ANALYZE incoming_{name}")
