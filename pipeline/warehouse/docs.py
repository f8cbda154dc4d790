"""Writes the pages on figures from the SQL files and an empty build, so that they cannot go stale."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipeline.warehouse import lineage as follow
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

COOKBOOK = """\
Everything here reads `published/rayonner.duckdb`. It is replaced whole each night and never written to in between, so
any number of people may read it while the night runs; whoever has it open keeps the night before.

## From where you like

Rayonner itself, read-only and cut off from files and network; a file of `sql/examples` goes in as it is:

    rayonner query "select period, value, low, high, n from metrics where brand = 'dijon' and grain = 'month'"
    rayonner query - < sql/examples/03_rank_among_peers.sql
    rayonner query --csv "from ownership_split" > split.csv
    rayonner query --json "from brand_now" > now.jsonl

Files for others: CSV and Excel in which nothing runs as a formula (`pip install 'rayonner[excel]'`), Parquet, JSON.
Parquet twins of every table lie in `published/parquet/` anyway.

    rayonner export metrics metrics.xlsx
    rayonner export fct_mention mentions.parquet

The DuckDB command line, 1.5 or newer (`pip install duckdb-cli`), read-only so that it can change nothing:

    duckdb -readonly var/published/rayonner.duckdb
    duckdb -readonly -box var/published/rayonner.duckdb < sql/examples/01_mentions_by_week.sql
    duckdb -readonly -csv var/published/rayonner.duckdb "from ownership_split" > split.csv

Harlequin, a screen for SQL in the terminal (`pipx install harlequin`); `-r` is read-only:

    harlequin -r var/published/rayonner.duckdb

A notebook to start from, with marimo (`pip install 'rayonner[notebook]'`): the figures of one brand with their
intervals and coverage, beside its peers.

    marimo edit notebooks/start.py
    python notebooks/start.py

Pandas or Polars: `duckdb.connect("var/published/rayonner.duckdb", read_only=True).sql("from metrics").df()`, `.pl()`.

Who carries a brand is found once a month, since it reads half a year: `rayonner influence`, then the next build.

## Before you conclude

A value of NULL is an answer: `coverage` says whether the nights were collected, `n` whether enough people spoke. Two
intervals that overlap are a tie. Authors of two weeks cannot be added, nor reach of two platforms. Versions are in
`metric_definition`; where a column comes from is in [lineage.md](lineage.md), what it says in
[dictionary.md](dictionary.md), what a metric counts in [metrics.md](metrics.md).\
"""


class _Nothing:
    """A store without rows: enough to build every table there is."""

    revision = 0

    def changes(self, table: str, since: int) -> Iterator[list[dict[str, object]]]:
        """No rows."""
        yield from ()


def write(folder: Path) -> None:
    """Write the four pages into `folder`."""
    models = sql.read()
    pages = {"metrics": metrics(models), "dictionary": dictionary(), "cookbook": cookbook(models)}
    for name, page in (pages | {"lineage": lineage(models, follow.sources(models))}).items():
        (folder / f"{name}.md").write_text(page, "utf-8")


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
        "the same by source in `metrics_by_source`, by language in `metrics_by_language`; those of a theme, of a",
        "dimension of place image or of who speaks in `metrics_by_part`. A value is 0 when the nights were",
        "collected and nothing was found, and NULL when it is not known or too few posts or authors would carry it.",
        "A week or a month adds up its complete nights, `coverage` says how many; a day or a rolling period is NULL",
        "unless all its nights are complete. Own accounts count in `mentions_owned` and `ownership_share` only.",
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


def cookbook(models: Mapping[str, sql.Model]) -> str:
    """The page of worked questions: each file of sql/examples, and how to ask from elsewhere."""
    found = sorted((m for m in models.values() if m.layer == "examples"), key=lambda m: m.name)
    lines = ["# Cookbook", "", MADE, "", *COOKBOOK.splitlines(), "", "## Questions", ""]
    asked = [(m, *re.fullmatch(r"(.*?\?) (.*)", m.about).groups()) for m in found]  # type: ignore[union-attr]
    lines += [f"{n}. [{english}](#{m.name})" for n, (m, english, _) in enumerate(asked, 1)]
    for model, english, french in asked:
        lines += ["", f"### {model.name}", "", f"{english}<br>*{french}*", "", "```sql", model.sql, "```"]
    return "\n".join(lines) + "\n"


def lineage(models: Mapping[str, sql.Model], found: follow.Lineage) -> str:
    """The page of lineage: which tables make which, and the store's columns that each figure comes from."""
    return "\n".join(["# Lineage", "", MADE, "", *follow.page(models, found)]) + "\n"


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
