"""Writes docs/metrics.md and docs/dictionary.md from the SQL files and an empty build, so that they cannot go stale."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipeline.warehouse import models as sql
from pipeline.warehouse.build import build
from pipeline.warehouse.database import reading

MADE = "<!-- Made by `python -m pipeline.warehouse.docs docs`; a test fails when it is stale. -->"

VERSIONS = """\
## How a definition changes

The file `sql/metrics/<metric>.sql` holds the definition of today. When what a metric means changes, its old file is
kept beside it under the name of its version, `<metric>@1.sql`, with a line `-- replaced:` that says why, and the new
file's `version` goes up; the build refuses a file that breaks one of these rules. All versions are computed from the
same facts, over all history, by the next `rayonner build`: it sees that the SQL changed and makes every table anew
(`rayonner build --full` does so from the store at any time). `metrics` holds today's definitions only, so that a
question needs no filter and counts nothing twice; `metrics_by_version` holds every version over all history, today's
marked by `is_current`; `metric_definition` holds the text and the SQL of each. Two versions are two series: do not
compare a value of one with a value of the other.
""".splitlines()


class _Nothing:
    """A store without rows: enough to build every table there is."""

    revision = 0

    def changes(self, table: str, since: int) -> Iterator[list[dict[str, object]]]:
        """No rows."""
        yield from ()


def write(folder: Path) -> None:
    """Write both pages into `folder`."""
    (folder / "metrics.md").write_text(metrics(sql.read()), "utf-8")
    (folder / "dictionary.md").write_text(dictionary(), "utf-8")


def metrics(models: Mapping[str, sql.Model]) -> str:
    """The page of metrics: what each counts, leaves out, needs, and where its formula comes from."""
    every = sorted((m for m in models.values() if m.layer == "metrics"), key=lambda m: m.name)
    found = [m for m in every if m.is_current]
    lines = [
        "# Metrics",
        "",
        MADE,
        "",
        "Every figure is a row of `metrics` (metric, version, brand, grain, period, value, low, high, n, coverage);",
        "the same by source in `metrics_by_source`, by language in `metrics_by_language`. A value is 0 when the nights",
        "were collected and nothing was found, and NULL when it is not known or too few posts or authors would carry",
        "it. A week or a month adds up its complete nights, `coverage` says how many; a day or a rolling period is",
        "NULL unless all its nights are complete. The brand's own accounts count in `mentions_owned` only.",
        "",
        *VERSIONS,
        "| metric | what it is | unit | least n |",
        "|---|---|---|---|",
        *(
            f"| [`{m.name}`](#{m.name}) | {m.header['title']} | {m.header['unit']} | {m.header['minimum_n']} |"
            for m in found
        ),
        "",
    ]
    for model in found:
        lines += _metric(model, [m for m in every if m.metric == model.name and not m.is_current])
    return "\n".join(lines).rstrip() + "\n"


def _metric(model: sql.Model, older: Sequence[sql.Model]) -> list[str]:
    head = model.header
    return [
        f"## {model.name}",
        "",
        f"**{head['title']}**, version {head['version']}, in {head['unit']}.",
        head["definition"],
        "",
        f"- Grain: {head['grain']}",
        f"- Least n: {head['minimum_n']}",
        f"- Formula: {head['source']}",
        f"- SQL: {_link(model)}",
        *(f"- Older: version {m.header['version']}, {_link(m)}; replaced: {m.header['replaced']}" for m in older),
        "",
    ]


def _link(model: sql.Model) -> str:
    return f"[sql/metrics/{model.name}.sql](../sql/metrics/{model.name}.sql)"


def dictionary() -> str:
    """The page of tables: what one row of each is, and what each column says."""
    with tempfile.TemporaryDirectory() as home:
        day = date(2026, 1, 1)
        made = build(
            Path(home), _Nothing(), [], {}, night=day, now=datetime(2026, 1, 2, 3, tzinfo=UTC), code_version="docs"
        )
        with reading(made.path) as con:
            lines = ["# Data dictionary", "", MADE, "", *_readers(con)]
    return "\n".join(lines).rstrip() + "\n"


def _readers(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield "The published file, `published/rayonner.duckdb`. Start with `metrics`, `brand_now` and `fct_mention`; the"
    yield "tables of the schema `raw` mirror the store so that the others can be rebuilt."
    yield ""
    tables = con.execute(
        "select schema_name, table_name, comment, 'table' from duckdb_tables() where not internal union all "
        "select schema_name, view_name, comment, 'view' from duckdb_views() where not internal order by 1, 2"
    ).fetchall()
    for schema, table, about, kind in tables:
        full = table if schema == "main" else f"{schema}.{table}"
        yield from [f"## {full}", "", f"*{kind}.* {about}", "", "| column | type | what it says |", "|---|---|---|"]
        for column, data_type, said in con.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_index",
            [schema, table],
        ).fetchall():
            yield f"| `{column}` | {data_type.lower()} | {said} |"
        yield ""


if __name__ == "__main__":
    write(Path(sys.argv[1]))
