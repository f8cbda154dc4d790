"""The table of themes is the same in SQL as beside the word lists."""

from __future__ import annotations

import tomllib
from pathlib import Path

import duckdb

DIMENSIONS = Path(__file__).parents[2] / "pipeline" / "score" / "image" / "dimensions.toml"


def test_each_theme_belongs_to_the_same_dimensions_in_sql_as_beside_the_words(empty: duckdb.DuckDBPyConnection) -> None:
    told = tomllib.loads(DIMENSIONS.read_text("utf-8"))
    written = [
        (theme, model, name) for theme, models in told.items() for model, names in models.items() for name in names
    ]
    assert sorted(empty.execute("select theme, model, dimension_name from dim_theme").fetchall()) == sorted(written)
