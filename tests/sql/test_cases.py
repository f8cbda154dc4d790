"""Each folder here is a model, each folder in it a case: rows in, rows out, no Python."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse import models

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.csv"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_rows_in_give_the_rows_out(empty: duckdb.DuckDBPyConnection, case: Path) -> None:
    model = models.read()[case.parent.name]
    with (case / "expected.csv").open(encoding="utf-8", newline="") as file:
        columns, *expected = list(csv.reader(file))
    empty.begin()
    try:
        for given in sorted(case.glob("*.csv")):
            if given.name != "expected.csv":
                _fill(empty, given)
        chosen = ", ".join(f'"{column}"' for column in columns)
        found = empty.execute(f"select {chosen} from ({model.sql})").fetchall()
    finally:
        empty.rollback()
    assert sorted(_text(row) for row in found) == sorted(tuple(row) for row in expected)


def _fill(con: duckdb.DuckDBPyConnection, given: Path) -> None:
    """Replace a table's rows by the file's; columns that the file leaves out are NULL, and so are empty fields."""
    table = given.stem
    if table.startswith("raw."):
        con.execute(f"delete from {table}")
    else:
        con.execute(f"create or replace temp table given_shape as select * from {table} limit 0")
        for kind in _temporary(con, table):
            con.execute(f"drop {kind} temp.{table}")
        con.execute(f"create temp table {table} as select * from given_shape")
    con.execute(
        f"insert into {table} by name select * from read_csv(?, all_varchar = true, header = true, "
        "allow_quoted_nulls = false)",
        [str(given)],
    )


def _temporary(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """What the temporary thing of this name is: table, view, or nothing."""
    sql = (
        "select 'table' from duckdb_tables() where temporary and table_name = $1 "
        "union all select 'view' from duckdb_views() where temporary and view_name = $1"
    )
    return [kind for (kind,) in con.execute(sql, [name]).fetchall()]


def _text(row: tuple[object, ...]) -> tuple[str, ...]:
    """A row as a CSV holds it."""
    return tuple(_field(value) for value in row)


def _field(value: object) -> str:
    """Nothing for NULL, four decimals for a fraction, true and false in lower case."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4f}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("metric", [m.name for m in models.read().values() if m.layer == "metrics"])
def test_every_metric_has_a_case(metric: str) -> None:
    assert [case for case in CASES if case.parent.name == metric], f"tests/sql/{metric}/ holds no case"


def test_every_case_is_of_a_model() -> None:
    assert {case.parent.name for case in CASES} <= set(models.read())
