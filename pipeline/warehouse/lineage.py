"""Follows every column back to the columns of the store it comes from, by reading the SQL (needs sqlglot).

What a value is computed from stands apart from what decided, in joins, filters and groups, which rows it is made of.
"""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb

from pipeline.warehouse import landing, runner, seeds, texts, touched
from pipeline.warehouse.models import Model
from pipeline.warehouse.origin import ROWS, Column, Origin, Shape, deciding, origins, together

Lineage = Mapping[Column, Origin]

# What digest, page, alerts and feeds read beside `digest_*`; a test finds any other in their SQL.
SHOWN = {
    *("agg_brand_day", "agg_brand_month", "agg_brand_source", "anomaly", "anomaly_post", "brand_now", "calendar"),
    *("coverage_night", "dim_date", "fct_mention", "metrics", "metrics_by_source", "place_image", "recent_post"),
    *("tag_month", "tag_week"),
}

# Which part of a build is at work, beside `touched_*`: it changes when a row is made, not what is in it.
PASSING = {"tested_night"}

# A table held to one metric: `m.metric = 'mentions'`.
HELD = re.compile(r"\b(\w+)\.metric = '(\w+)'")

DAY = date(2026, 1, 31)

HOW_TO_READ = """\
*Made of*: what the value is computed from. *Decided by*: what joins, filters and groups looked at on the way to choose
the rows it is made of, as far as it is not part of the value; what decides every row of a table here stands above it.
A count of rows is made of nothing and decided by much. Columns are those of the store's tables.\
""".splitlines()


def sources(models: Mapping[str, Model]) -> Lineage:
    """Each column of each model -> the columns of raw tables, or of tables that Python computes, it comes from."""
    shape = shapes(models)
    direct: dict[Column, Origin] = {}
    for model in models.values():
        if model.layer not in {"checks", "examples"}:
            found = origins(_narrowed(model.sql), _read_by(model, shape))
            direct |= {(model.table, column): origin for column, origin in found.items()}
    for model in models.values():
        if fed := model.header.get("feeds"):
            direct |= _fed(model.table, fed, shape)
    direct |= _united([m.table for m in models.values() if m.layer == "metrics"], direct)
    done: dict[Column, Origin] = {}
    ends = {c: _follow(c, direct, done) for c in direct if c[1] != ROWS}
    return {c: Origin(o.made_of, _decided(o)) for c, o in ends.items()}


def shapes(models: Mapping[str, Model]) -> Shape:
    """Table -> column -> type of all there is in an empty warehouse, the passing tables of a build included."""
    con = duckdb.connect()
    try:
        with tempfile.TemporaryDirectory() as folder:
            empty(con, models, Path(folder))
        rows = con.execute(
            "select case schema_name when 'raw' then 'raw.' else '' end || table_name, column_name, data_type "
            "from duckdb_columns() where not internal order by column_index"
        ).fetchall()
        shape: Shape = defaultdict(dict)
        for table, column, kind in rows:
            shape[table][column] = kind
        return shape
    finally:
        con.close()


def empty(con: duckdb.DuckDBPyConnection, models: Mapping[str, Model], folder: Path) -> None:
    """Make every table and view of a warehouse without rows."""
    con.execute("set timezone = 'UTC'")
    landing.create_raw(con)
    con.execute(f"create table raw.post_text ({', '.join(f'{c} {t}' for c, t in texts.COLUMNS.items())})")
    seeds.seed_brands(con, [], {}, folder)
    seeds.seed_accounts(con, [], folder)
    seeds.seed_figures(con, folder)
    seeds.seed_influence(con, folder, folder)
    seeds.seed_nights(con, DAY, DAY, folder)
    touched.find_all(con)
    runner.run(con, models, everything=True)


def page(models: Mapping[str, Model], found: Lineage) -> list[str]:
    """The page of lineage, without its title: the graph of tables, then where each figure comes from."""
    lines = ["## Tables", "", "Who reads whom, from the store's tables on; metrics and checks left out.", ""]
    lines += ["```mermaid", *mermaid(models.values()), "```", ""]
    lines += ["## Where a figure comes from", "", *HOW_TO_READ, "", "## Metrics", ""]
    lines += ["The value of a metric, here and wherever a digest or a chart shows it:", ""]
    metrics = sorted((m for m in models.values() if m.layer == "metrics"), key=lambda m: m.name)
    lines += _rows("metric", {m.name: found[m.table, "value"] for m in metrics})
    for table in sorted(SHOWN | {m.name for m in models.values() if m.name.startswith("digest_")}):
        lines += ["", f"## {table}", "", *_rows("column", {c: o for (t, c), o in found.items() if t == table})]
    return lines


def _rows(what: str, found: Mapping[str, Origin]) -> list[str]:
    """A table of origins; what decides all of them is said once, above."""
    shared = frozenset.intersection(*(o.decided_by | o.made_of for o in found.values()))
    lines = [f"All decided by: {_told(shared)}.", ""] if shared else []
    lines += [f"| {what} | made of | decided by |", "|---|---|---|"]
    return lines + [f"| `{c}` | {_told(o.made_of)} | {_told(o.decided_by - shared)} |" for c, o in found.items()]


def _told(columns: Iterable[Column]) -> str:
    """The columns, those of one table together."""
    tables: dict[str, list[str]] = defaultdict(list)
    for table, column in sorted(columns):
        tables[table].append(f"`{column}`")
    return "; ".join(f"{table}: {', '.join(named)}" for table, named in tables.items())


def mermaid(models: Iterable[Model]) -> list[str]:
    """The tables as a graph that reads from left to right: who reads whom, without the checks and the examples."""
    shown = sorted((m for m in models if m.layer not in {"checks", "examples", "metrics"}), key=lambda m: m.name)
    lines = ["flowchart LR"]
    for model in shown:
        lines += [f"    {_node(read)} --> {_node(model.table)}" for read in sorted(model.reads)]
        if fed := model.header.get("feeds"):
            lines.append(f"    {_node(model.table)} -->|computed in Python| {_node(fed)}")
    return lines


def _node(table: str) -> str:
    return f"{table.replace('.', '_')}[{table}]"


def _fed(table: str, fed: str, shape: Shape) -> dict[Column, Origin]:
    """What Python computes from a table: it may look at all of it for each column."""
    read = frozenset((table, c) for c in shape[table])
    return {(fed, c): Origin(read) for c in [*shape[fed], ROWS]}


def _narrowed(text: str) -> str:
    """The query, reading the one metric that it holds metric_part to: else its figures would come from all of them."""
    for alias, metric in HELD.findall(text):
        text = re.sub(rf"\bmetric_part as {alias}\b", f"metric_{metric} as {alias}", text)
    return text


def _read_by(model: Model, shape: Shape) -> Shape:
    """The columns of the tables that a model reads, single metrics included."""
    single = {f"metric_{metric}": shape["metric_part"] for _, metric in HELD.findall(model.sql)}
    return {r: shape[r] for r in model.reads if r in shape} | single


def _united(metrics: Iterable[str], direct: Lineage) -> dict[Column, Origin]:
    """What the runner makes of all metrics: a figure's columns are those of every metric's; names are the files'."""
    shared = ("brand", "dimension", "part", "grain", "period", "value", "low", "high", "n", "coverage", ROWS)
    tables = list(metrics)
    made = {("metric_part", c): together(direct[table, c] for table in tables) for c in shared}
    named = ("metric", "version", "is_current")
    return made | {(table, c): Origin() for table in ("metric_part", *tables) for c in named}


def _follow(column: Column, direct: Lineage, done: dict[Column, Origin]) -> Origin:
    """The end of the chain; a column that nothing makes is its own end."""
    if column not in direct:
        return Origin(frozenset({column}))
    if column not in done:
        made_of, decided_by = direct[column]
        ends = [_follow(one, direct, done) for one in made_of]
        done[column] = together(ends + [deciding(_follow(one, direct, done)) for one in decided_by])
    return done[column]


def _decided(origin: Origin) -> frozenset[Column]:
    """What decides and is not part of the value; passing tables say what is made anew, not what is in it."""
    rest = origin.decided_by - origin.made_of
    return frozenset((t, c) for t, c in rest if c != ROWS and t not in PASSING and not t.startswith("touched_"))
