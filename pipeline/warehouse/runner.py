"""Runs the models in order inside the caller's transaction, then the checks that may roll it back."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import duckdb

from pipeline.errors import CheckError, FatalError
from pipeline.warehouse import anomaly, campaign
from pipeline.warehouse.database import first_line, name, quoted
from pipeline.warehouse.models import Model, ordered

log = logging.getLogger(__name__)

# How many faulty rows a failed check shows: enough to see the pattern, few enough for a log line.
SHOWN = 5

# A table is made some nights at a time: so many that their posts make CHUNK_ROWS rows, some 300 MB of sums, but never
# fewer than CHUNK_NIGHTS, below which the same posts would be read too often for periods that overlap. A model's `fan`
# is how many rows a post makes on the way: 44 periods where all are summed (1 day, 1 week, 1 month, 7 and 28 rolling,
# the first three by source and by language again), 2 for weeks and months, 8 where each has some tags.
CHUNK_ROWS, CHUNK_NIGHTS = 400_000, 7

# table -> what computes it from the model whose header says that it `feeds` the table; says whether it made it anew.
COMPUTED: dict[str, Callable[[duckdb.DuckDBPyConnection, bool], bool]] = {
    anomaly.TABLE: anomaly.fill,
    campaign.TABLE: campaign.fill,
}


def run(con: duckdb.DuckDBPyConnection, models: Mapping[str, Model], *, everything: bool) -> list[str]:
    """Make every table and view; returns the names of those made anew, which need their comments.

    `everything` makes all anew; otherwise incremental tables replace the touched nights and periods only, by the
    same SQL, so that both ways give the same rows.
    """
    con.execute(
        "create or replace temp table nightly as select count(*) / greatest(count(distinct p.night), 1) as posts "
        "from raw.post as p inner join touched_night as t on t.night = p.night"
    )
    made = _make_all(con, models, ("staging", "marts", "metrics"), everything)
    con.execute(f"create or replace temp view told_figure as {united(models, told=True)}")
    if everything:
        _hold_metrics_place(con)
    made += _make_all(con, models, ("views",), everything)
    return made + (unite_metrics(con, models) if everything else [])


def _make_all(
    con: duckdb.DuckDBPyConnection, models: Mapping[str, Model], layers: Collection[str], everything: bool
) -> list[str]:
    """Make every table and view of `layers` and what is computed from them; returns the names of those made anew."""
    made = []
    for model in ordered(models, layers):
        with _blamed(model.name):
            is_new = _make(con, model, everything)
        if is_new:
            made.append(model.table)
        if (fed := model.header.get("feeds")) and COMPUTED[fed](con, everything):
            made.append(fed)
    return made


def _hold_metrics_place(con: duckdb.DuckDBPyConnection) -> None:
    """A metric_part without rows while the views are made: each would bind some fifty metrics again, 0.2 s apiece."""
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() where table_name = 'told_figure' order by column_index"
    ).fetchall()
    nothing = ", ".join(f"cast(null as {kind}) as {name(column)}" for column, kind in columns)
    con.execute(f"create or replace view metric_part as select {nothing} where false")


@contextmanager
def _blamed(name: str) -> Iterator[None]:
    """Say which model or check lacks memory."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise FatalError(f"the warehouse needs more memory for {name}: {first_line(error)}") from error


def unite_metrics(con: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> list[str]:
    """Make metric_part: the rows of every metric file, older versions included, with the metric's name and version."""
    con.execute(f"create or replace view metric_part as {united(models, told=False)}")
    return ["metric_part"]


def united(models: Mapping[str, Model], *, told: bool) -> str:
    """All metrics' rows; `told` reads only the periods redone, since checking ten years each night would take hours."""
    metrics = sorted((m for m in models.values() if m.layer == "metrics"), key=lambda m: m.name)
    return " union all ".join(
        f"select {quoted(m.metric)} as metric, cast({int(m.header['version'])} as integer) as version, "  # noqa: S608
        f"{str(m.is_current).lower()} as is_current, brand, dimension, part, grain, period, value, low, high, "
        "cast(n as bigint) as n, coverage "
        f"from ({_told(m.sql) if told else m.sql}) as figure"
        for m in metrics
    )


def _told(text: str) -> str:
    """A metric's SQL over the periods redone."""
    told = text.replace("from brand_period", "from told_period").replace("from known_period", "from told_known")
    if told != text:
        return told
    periods = "inner join touched_period as t on t.grain = f.grain and t.period = f.period"
    return f"select f.* from ({text}) as f {periods}"  # noqa: S608


def _make(con: duckdb.DuckDBPyConnection, model: Model, everything: bool) -> bool:
    """Make or update what one model stands for; says whether it was made anew."""
    table = model.table
    if model.layer == "metrics":
        return False  # all of them are made at once, as metric_part
    if model.kind in {"temp table", "temp view"}:
        con.execute(f"create or replace {model.kind} {table} as {model.sql}")
        return False
    if model.kind == "view":
        if everything:
            con.execute(f"create or replace view {table} as {model.sql}")
        return everything
    if model.kind == "table":
        con.execute(f"create or replace table {table} as {model.sql}")
        return True
    _replace(con, model, everything)
    return everything


def _replace(con: duckdb.DuckDBPyConnection, model: Model, everything: bool) -> None:
    """Make or update an incremental table, some nights at a time: so memory holds a few weeks, and the rows of a night
    lie together, where the next build finds them without reading all the years.
    """
    column = model.keys[-1]
    touched = model.header.get("touched", f"touched_{column}")
    if everything:
        con.execute(f"create or replace table {model.name} as select * from ({model.sql}) limit 0")  # noqa: S608
    else:
        same = " and ".join(f"t.{k} = o.{k}" for k in model.keys)
        con.execute(f"delete from {model.name} as o using {touched} as t where {same}")  # noqa: S608
    con.execute(f"create or replace temp table whole_touched as select * from {touched}")  # noqa: S608
    for first, last in _chunks(con, column, int(model.header.get("fan", "1"))):
        con.execute(
            f"create or replace temp table {touched} as select * from whole_touched where {column} between ? and ?",  # noqa: S608
            [first, last],
        )
        con.execute(f"insert into {model.name} by name {model.sql}")
    con.execute(f"create or replace temp table {touched} as select * from whole_touched")  # noqa: S608


def _chunks(con: duckdb.DuckDBPyConnection, column: str, fan: int) -> list[tuple[date, date]]:
    """Cut whole_touched into runs of dates, (first, last), of which each night's posts make `fan` rows apiece."""
    dates = [d for (d,) in con.execute(f"select distinct {column} from whole_touched order by {column}").fetchall()]  # noqa: S608
    row = con.execute("select posts from nightly").fetchone()
    size = max(CHUNK_NIGHTS, int(CHUNK_ROWS / (fan * (row[0] if row else 0) + 1)))
    return [(run[0], run[-1]) for run in (dates[i : i + size] for i in range(0, len(dates), size))]


def check(con: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> tuple[int, list[str]]:
    """Run every check; returns how many ran and which warned. Raises CheckError for the first that fails."""
    warned = []
    checks = ordered(models, ("checks",))
    for model in checks:
        with _blamed(model.name):
            cursor = con.execute(model.sql)
            columns = [d[0] for d in cursor.description or ()]
            rows = cursor.fetchmany(SHOWN)
        if not rows:
            continue
        shown = "; ".join(", ".join(f"{c} {v}" for c, v in zip(columns, row, strict=True)) for row in rows)
        if model.header.get("severity") == "fail":
            raise CheckError(f"check {model.name} failed: {model.about} First rows: {shown}")
        log.warning("check %s: %s First rows: %s", model.name, model.about, shown)
        warned.append(model.name)
    return len(checks), warned


def comment(
    con: duckdb.DuckDBPyConnection, tables: Iterable[str], abouts: Mapping[str, str], columns: Mapping[str, str]
) -> None:
    """Write a comment on each table or view and on each of its columns."""
    kinds = dict(con.execute("select view_name, 'view' from duckdb_views() where not internal").fetchall())
    found = defaultdict(list)
    # All at once: the catalog is read whole at each question.
    for schema, table, column in con.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    ).fetchall():
        found[schema, table].append(column)
    for table in tables:
        if about := abouts.get(table):
            schema, _, bare = table.rpartition(".")
            kind = kinds.get(bare, "table")
            con.execute(f"comment on {kind} {table} is {quoted(about)}")
            for column in found[schema or "main", bare]:
                own = columns.get(f"{bare}.{column}") or columns.get(column)
                if own:
                    con.execute(f"comment on column {table}.{name(column)} is {quoted(own)}")
