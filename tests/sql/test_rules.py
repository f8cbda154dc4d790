"""The rules that every SQL file keeps, and that no reviewer should have to remember."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import SchemaError
from pipeline.warehouse import models

ALL = sorted(models.read().values(), key=lambda m: (m.layer, m.name))
METRIC = {"title", "unit", "definition", "version", "grain", "minimum_n", "source"}
# What the runner makes reads as if it stood in this layer.
GIVEN = {"touched_night": "staging", "told_figure": "metrics", "metric_part": "metrics"}
GIVEN |= {"changed_mention": "staging"}
GIVEN |= {"night_test": "marts", "tested_night": "marts", "campaign_test": "marts"}
GIVEN |= {"metric_definition": "views", "publication": "views"}


def name(model: models.Model) -> str:
    return f"{model.layer}/{model.name}"


@pytest.mark.parametrize("model", ALL, ids=name)
def test_no_file_reads_uphill(model: models.Model) -> None:
    layers = {m.table: m.layer for m in ALL} | GIVEN
    for table in model.reads:
        if table.startswith("raw."):
            assert model.layer != "metrics", f"{name(model)} reads {table}: a metric reads marts"
            continue
        assert table in layers, f"{name(model)} reads {table}, which nothing makes"
        uphill = models.LAYERS.index(layers[table]) > models.LAYERS.index(model.layer)
        assert not uphill, f"{name(model)} reads {table}, which is in {layers[table]}"


@pytest.mark.parametrize("model", ALL, ids=name)
def test_every_file_is_short_and_says_what_it_is(model: models.Model) -> None:
    path = models.ROOT / model.layer / f"{model.name}.sql"
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= 80, f"{name(model)} has {len(lines)} lines"
    assert max(map(len, lines)) <= 120
    assert model.about.startswith("One row") or model.layer in {"checks", "examples"}
    assert model.sql == model.sql.strip() and not model.sql.endswith(";")
    if model.layer == "metrics":
        assert set(model.header) >= METRIC
    if model.layer == "checks":
        assert model.header["severity"] in {"fail", "warn"}


@pytest.mark.parametrize("model", ALL, ids=name)
def test_joins_are_plain_and_keywords_lower_case(model: models.Model) -> None:
    bare = re.sub(r"--[^\n]*|'[^']*'", "", model.sql)
    assert not re.search(r"\b(SELECT|FROM|WHERE|JOIN|GROUP BY|CASE)\b", bare)
    assert not re.search(r"\bjoin\s+\w+(\.\w+)?\s+(on|as\s+on)\b", bare), "every joined table has an alias"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select a.x from raw.post as a join raw.mention using (post_key)", "uses 'using'"),
        ("select x from a natural join b", "uses 'natural'"),
        ("selec x", "is not SQL"),
    ],
)
def test_a_file_that_breaks_a_rule_is_named(tmp_path: Path, sql: str, said: str) -> None:
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "bad.sql").write_text(f"-- One row.\n{sql}\n")
    with pytest.raises(SchemaError, match=rf"sql/marts/bad\.sql {said}"):
        models.read(tmp_path)


def test_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "marts").mkdir()
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / "marts" / f"{one}.sql").write_text(f"-- One row.\nselect x from {other}\n")
    with pytest.raises(SchemaError, match="in a circle: "):
        models.ordered(models.read(tmp_path), ("marts",))


def test_every_table_and_column_says_what_it_is(empty_build: Path) -> None:
    con = duckdb.connect(str(empty_build), read_only=True)
    silent = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where comment is null and not internal "
        "union all select schema_name || '.' || view_name from duckdb_views() where comment is null and not internal "
        "union all select schema_name || '.' || table_name || '.' || column_name from duckdb_columns() "
        "where comment is null and not internal order by 1"
    ).fetchall()
    con.close()
    assert silent == []


def test_no_column_holds_what_must_not_leave_the_store(empty_build: Path) -> None:
    con = duckdb.connect(str(empty_build), read_only=True)
    columns = {c for (c,) in con.execute("select column_name from duckdb_columns() where not internal").fetchall()}
    con.close()
    assert not columns & {"post_id", "author_id", "author_handle", "handle", "evidence", "email"}


def test_sums_are_whole_numbers_that_other_tools_read(empty_build: Path) -> None:
    con = duckdb.connect(str(empty_build), read_only=True)
    huge = con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and data_type in ('HUGEINT', 'DECIMAL')"
    ).fetchall()
    con.close()
    assert huge == []
