"""The models run unchanged on PostgreSQL, through sqlglot, and give the same rows as on DuckDB.

What Python computes between two models (night_test) and what a build passes along (which periods are redone) is handed
to both; everything else PostgreSQL works out from the raw tables by itself.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
import psycopg
import pytest
import sqlglot

from pipeline.warehouse import models as sql
from pipeline.warehouse import runner
from tests.warehouse import story
from tests.warehouse.files import build

pytestmark = pytest.mark.integration

TYPES = {"BIGINT": "bigint", "INTEGER": "integer", "VARCHAR": "text", "DOUBLE": "double precision"}
TYPES |= {"BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp"}
DAYS = 35
DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"

# Checksums by engine, or the error that PostgreSQL gave.
Sums = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file of made-up posts of every kind: articles, pages read, two sources, tags, more than one scorer."""
    store = story.Store()
    last = story.live(store, DAYS, posts=20)
    for offset in range(DAYS):
        key, day = 900_000 + offset, story.FIRST + timedelta(days=offset)
        story.post(store, key, day, kind="article", source="tube", reach_central=0.5, repost_of_key=None)
        story.mention(store, key, "dijon", by_brand_name=True, emotions="joy,pride", scorer="fr/1+toward-accurate/1")
    path = build(tmp_path_factory.mktemp("home"), store, last).path
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def sums(built: duckdb.DuckDBPyConnection, scratch: Any) -> Sums:
    """Table or view -> its checksum in each engine."""
    scratch.execute("create schema raw")
    for (table,) in built.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall():
        copy(built, scratch, f"raw.{table}")
    scratch.execute("create table touched_night as select night from raw.night")
    found: Sums = {}
    models = sql.read()
    ordered = sql.ordered(models, ("staging", "marts", "metrics", "views"))
    first = next(i for i, m in enumerate(ordered) if "metric_part" in m.reads)
    for model in ordered[:first]:
        make(built, scratch, model, found)
    scratch.execute(f"create table metric_part as {translated(runner.united(models, told=False))}")
    found["metric_part"] = checksum(built, built, "metric_part"), checksum(built, scratch, "metric_part")
    for model in ordered[first:]:
        make(built, scratch, model, found)
    return found


@pytest.fixture(scope="module")
def scratch() -> Iterator[Any]:
    """A connection to an empty database of a PostgreSQL server, dropped afterwards."""
    server, name = os.environ.get("RAYONNER_TEST_POSTGRES", DEFAULT_SERVER), f"rayonner_test_{secrets.token_hex(6)}"
    try:
        owner = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers: set RAYONNER_TEST_POSTGRES to the address of one")
    with owner:
        owner.execute(f"create database {name}")
        with psycopg.connect(server.rsplit("/", 1)[0] + f"/{name}", autocommit=True) as con:
            yield con
        owner.execute(f"drop database {name} with (force)")


def make(built: duckdb.DuckDBPyConnection, scratch: Any, model: sql.Model, found: Sums) -> None:
    """Make one model on PostgreSQL and compare; one that fails is copied, so that those after it can be judged."""
    if model.layer == "metrics":
        return
    published = built.execute(
        "select count(*) from duckdb_columns() where schema_name = 'main' and table_name = ?", [model.table]
    ).fetchall()[0][0]
    try:
        scratch.execute(f'create table "{model.table}" as {translated(model.sql)}')
    except (psycopg.Error, sqlglot.errors.SqlglotError) as error:
        found[model.table] = "a table", str(error).splitlines()[0]
        if published:
            copy(built, scratch, model.table)
        return
    if model.name == "touched_period":
        scratch.execute("create table chunk_period as select * from touched_period")
    if fed := model.header.get("feeds"):
        copy(built, scratch, fed)
    if fed == "night_test":
        scratch.execute("create table tested_night as select distinct night from night_test")
    if published:
        found[model.table] = checksum(built, built, model.table), checksum(built, scratch, model.table)


def translated(text: str) -> str:
    return sqlglot.transpile(text, read="duckdb", write="postgres")[0]


def copy(built: duckdb.DuckDBPyConnection, scratch: Any, table: str) -> None:
    columns = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in shape(built, table))
    scratch.execute(f"create table {table} ({columns})")
    with scratch.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as out:
        for row in built.execute(f"select * from {table}").fetchall():
            out.write_row(row)


def shape(built: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    schema, _, name = table.rpartition(".")
    return built.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? "
        "order by column_index",
        [schema or "main", name],
    ).fetchall()


def checksum(built: duckdb.DuckDBPyConnection, con: Any, table: str) -> str:
    """Rows in a form that both engines can have: fractions to 9 digits, since sums of fractions have no order."""
    columns = ", ".join(f'"{name}"' for name, _ in shape(built, table))
    rows = con.execute(f'select {columns} from "{table}"').fetchall()
    lines = sorted("\t".join(map(field, row)) for row in rows)
    return f"{len(lines)} rows {hashlib.blake2b(chr(10).join(lines).encode(), digest_size=8).hexdigest()}"


def field(value: object) -> str:
    if isinstance(value, float | Decimal):
        return f"{float(value):.9g}"
    return "" if value is None else str(value)


NAMES = [m.table for m in sql.ordered(sql.read(), ("marts", "views")) if not m.kind.startswith("temp")]


@pytest.mark.parametrize("table", [*NAMES, "metric_part"])
def test_a_model_gives_the_same_rows_on_postgresql(sums: Sums, table: str) -> None:
    duck, postgres = sums[table]
    assert postgres == duck


def test_the_rows_compared_are_not_all_empty(sums: Sums) -> None:
    assert sum(not duck.startswith("0 rows") for duck, _ in sums.values()) > 40
