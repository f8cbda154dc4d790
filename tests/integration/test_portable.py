"""The models run unchanged on PostgreSQL, through sqlglot, and give the same rows as on DuckDB.

What Python computes between two models (night_test) and what a build passes along (which periods are redone) is handed
to both; everything else PostgreSQL works out from the raw tables by itself.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import psycopg
import pytest
import sqlglot

from pipeline import warehouse
from pipeline.model import Campaign
from pipeline.warehouse import models as sql
from pipeline.warehouse import runner
from pipeline.warehouse.seeds import INFLUENCE, Account
from tests.warehouse import story

pytestmark = pytest.mark.integration

TYPES = {"BIGINT": "bigint", "INTEGER": "integer", "VARCHAR": "text", "DOUBLE": "double precision"}
TYPES |= {"BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp"}
# Long enough for usual nights before the loud one, and for a campaign with nights before and after it.
DAYS, CAMPAIGN, LOUD = 80, 60, 77
DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"

# Checksums by engine, or the error that PostgreSQL gave.
Sums = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file of made-up posts of every kind, with at least one row for each table and a value for each metric."""
    store, home = story.Store(), tmp_path_factory.mktemp("home")
    last = story.live(store, DAYS, posts=20)
    for offset in range(DAYS):
        key, day = 900_000 + offset, story.FIRST + timedelta(days=offset)
        story.post(store, key, day, kind="article", source="tube", reach_central=0.5, repost_of_key=None, author_key=77)
        story.mention(store, key, "dijon", by_brand_name=True, emotions="joy,pride", scorer="fr/1+toward-accurate/1")
        story.night(store, day, source="x")
        for peer in ("troyes", "lille"):
            story.read(store, peer, "fr", day, 10 + offset)
    burst(store, story.FIRST + timedelta(days=LOUD))
    carried(home)
    campaign = Campaign("Respirez", story.FIRST + timedelta(days=CAMPAIGN))
    brands = [replace(story.BRANDS[0], campaigns=(campaign,)), *story.BRANDS[1:]]
    accounts = [Account("dijon", "press", "example.org", "tube", 77), Account("dijon", "owned", "ville", "sample", 3)]
    legal = story.LEGAL | {"x": story.LEGAL["sample"]}
    path = warehouse.build(
        home, store, brands, legal, night=last, now=story.moment(last), code_version="test", accounts=accounts
    ).path
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


def burst(store: story.Store, day: date) -> None:
    """A night when fifty people carry the brand's own name, a few against it, on a platform of known size."""
    for number in range(50):
        story.post(store, 950_000 + number, day, source="x", author_key=1_000 + number)
        label = ("negative", "positive")[number % 5 > 0]
        story.mention(store, 950_000 + number, "dijon", by_brand_name=True, label=label, toward=label)


def carried(home: Path) -> None:
    """What was found of who carries a brand."""
    places = dict.fromkeys(set(INFLUENCE) - {"brand", "pagerank", "period"}, 1)
    found = [{"brand": "dijon", **places, "author": a, "pagerank": 0.1, "period": "2026-01-01"} for a in (1, 3)]
    warehouse.keep_influence(home, date(2026, 1, 1), msgspec.json.Encoder().encode_lines(found))


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


@pytest.mark.parametrize("table", [*NAMES, "metric_part"])
def test_every_table_compared_has_rows(sums: Sums, table: str) -> None:
    assert not sums[table][0].startswith("0 rows")


@pytest.mark.parametrize("metric", sorted(m.name for m in sql.read().values() if m.layer == "metrics"))
def test_every_metric_compared_has_a_value(built: duckdb.DuckDBPyConnection, metric: str) -> None:
    # `name@1` is a version of the past; without one it is the metric of today.
    name, _, version = metric.partition("@")
    wanted = f"version = {version} and not is_current" if version else "is_current"
    (found,) = built.execute(f"select count(value) from metric_part where metric = ? and {wanted}", [name]).fetchall()
    assert found[0] > 0
