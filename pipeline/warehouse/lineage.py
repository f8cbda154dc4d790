"""Follows every column back to the columns of the store it comes from, by reading the SQL (needs sqlglot).

Only what a value is computed from counts: columns that a join or a filter looks at are not followed.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
from sqlglot import exp, parse_one
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from pipeline.warehouse import landing, runner, seeds, texts, touched
from pipeline.warehouse.models import Model

# (table, column); a table of the store keeps its `raw.`.
Column = tuple[str, str]
Shape = dict[str, dict[str, str]]

DAY = date(2026, 1, 31)


def sources(models: Mapping[str, Model]) -> dict[Column, frozenset[Column]]:
    """Each column of each model -> the columns of raw tables, or of tables that Python computes, it is made of."""
    shape = shapes(models)
    direct: dict[Column, frozenset[Column]] = {}
    for model in models.values():
        if model.layer not in {"checks", "examples"}:
            direct |= _direct(model, shape)
    direct |= _united([m for m in models.values() if m.layer == "metrics"], direct)
    done: dict[Column, frozenset[Column]] = {}
    for one in direct:
        _follow(one, direct, done)
    return done


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


def page(models: Mapping[str, Model], found: Mapping[Column, frozenset[Column]]) -> list[str]:
    """The page of lineage, without its title: the graph of tables, then where each figure comes from."""
    lines = ["## Tables", "", "Who reads whom, from the store's tables on; metrics and checks left out.", ""]
    lines += ["```mermaid", *mermaid(models.values()), "```", "", "## Metrics", ""]
    lines += ["The value of a metric, here and wherever a digest or a chart shows it:", ""]
    lines += ["| metric | made of |", "|---|---|"]
    metrics = [m for m in models.values() if m.layer == "metrics"]
    lines += [f"| `{m.name}` | {_told(found[m.table, 'value'])} |" for m in sorted(metrics, key=lambda m: m.name)]
    for model in sorted((m for m in models.values() if m.name.startswith("digest_")), key=lambda m: m.name):
        lines += ["", f"## {model.name}", "", "| column | made of |", "|---|---|"]
        lines += [f"| `{c}` | {_told(found[t, c])} |" for t, c in found if t == model.name and found[t, c]]
    return lines


def _told(columns: Iterable[Column]) -> str:
    return ", ".join(f"`{table}.{column}`" for table, column in sorted(columns))


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


def _united(metrics: Sequence[Model], direct: Mapping[Column, frozenset[Column]]) -> dict[Column, frozenset[Column]]:
    """What the runner makes of all metrics: a figure's columns are those of every metric's; names are the files'."""
    shared = ("brand", "dimension", "part", "grain", "period", "value", "low", "high", "n", "coverage")
    made = {("metric_part", c): frozenset[Column]().union(*(direct[m.table, c] for m in metrics)) for c in shared}
    return made | {("metric_part", c): frozenset() for c in ("metric", "version", "is_current")}


def _direct(model: Model, shape: Shape) -> dict[Column, frozenset[Column]]:
    """Each column of one model -> the columns of the tables it reads."""
    known = {r: shape[r] for r in model.reads if r in shape}
    tree = qualify(_flat(model.sql), schema={_flat_name(t): c for t, c in known.items()}, dialect="duckdb")
    scope = build_scope(tree)
    nodes = lineage(None, tree, schema={}, dialect="duckdb", scope=scope)
    return {(model.table, column): frozenset(_leaves(node)) for column, node in nodes.items()}


def _flat(sql: str) -> exp.Expr:
    """The query with `raw.post` called `raw__post`, so that all tables stand in one schema."""
    tree = parse_one(sql, dialect="duckdb")
    for table in tree.find_all(exp.Table):
        if table.db:
            table.replace(exp.alias_(exp.to_table(f"{table.db}__{table.name}"), table.alias or table.name, table=True))
    return tree


def _flat_name(table: str) -> str:
    return table.replace(".", "__")


def _leaves(node: Node) -> Iterable[Column]:
    for one in node.walk():
        if not one.downstream and isinstance(one.source, exp.Table):
            yield one.source.name.replace("__", "."), one.name.rpartition(".")[2].strip('"')


def _follow(
    column: Column, direct: Mapping[Column, frozenset[Column]], done: dict[Column, frozenset[Column]]
) -> frozenset[Column]:
    """The end of the chain; a column that nothing makes is its own end."""
    if column not in direct:
        return frozenset({column})
    if column not in done:
        done[column] = frozenset().union(*(_follow(one, direct, done) for one in direct[column]))
    return done[column]
