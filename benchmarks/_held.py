"""What the shipped SQL says of made-up rows, and how often its intervals hold the truth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np

from benchmarks._crowds import Columns, Floats
from pipeline.warehouse import models

# What the files ask for before they give a figure: lifted, to show what it protects from.
_LEAST = re.compile(r">= (30|10|5)\b")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the figure, the crowd, its authors, and the share of intervals that held the truth, by version.

    None where the figure has no interval for so few.
    """

    figure: str
    crowd: str
    authors: int
    held: Mapping[int, float | None]


def fill(
    con: duckdb.DuckDBPyConnection, table: str, rows: int, columns: Columns | None = None, /, **same: object
) -> None:
    """Make a table of `rows` rows, one a simulation: `brand` is its number, `same` says what all rows share."""
    given = {"brand": np.arange(rows), **{k: np.full(rows, v, object) for k, v in same.items()}, **(columns or {})}
    con.register("given", given)
    con.execute(f"create or replace temp table {table} as select * from given")
    con.unregister("given")


def derive(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Compute the named models, each from tables of the names that its SQL reads."""
    for name in names:
        con.execute(f"create or replace temp table {name} as {models.read()[name].sql}")


def versions(metric: str) -> dict[int, str]:
    """Version -> SQL that gives every interval, however few the mentions."""
    found = [m for m in models.read().values() if m.layer == "metrics" and m.metric == metric]
    return {int(m.header["version"]): _LEAST.sub(">= 0", m.sql) for m in found}


def share(con: duckdb.DuckDBPyConnection, sql: str, truth: Floats) -> float | None:
    """How many of the intervals (brand, low, high) hold the truth of their brand."""
    row = con.execute(f"select cast(brand as integer) as brand, low, high from ({sql}) where low is not null")
    found = row.fetchnumpy()
    of = truth[found["brand"]]
    held = (found["low"] <= of) & (of <= found["high"])
    return float(np.mean(held)) if len(held) else None


def shares(con: duckdb.DuckDBPyConnection, metric: str, truth: Floats) -> dict[int, float | None]:
    """The same by version of a metric."""
    told = {v: f"select * from ({sql}) where value is not null" for v, sql in versions(metric).items()}
    return {version: share(con, sql, truth) for version, sql in told.items()}
