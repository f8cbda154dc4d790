"""What the warehouse's tests do with files: build them, fill them night after night, read all they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from pipeline import warehouse
from pipeline.model import Brand
from tests.warehouse import story

# Each after those it reads.
VIEWS = ("metrics", "metrics_by_source", "metrics_by_language", "recent_post", "brand_now")


def build(
    home: Path,
    store: story.Store,
    night: date,
    *,
    full: bool = False,
    brands: Sequence[Brand] = story.BRANDS,
    memory: str = "400MB",
) -> warehouse.Built:
    """Build with the story's brands and terms, in the morning after `night`."""
    return warehouse.build(
        home,
        store,
        brands,
        story.LEGAL,
        night=night,
        now=story.moment(night),
        code_version="test",
        full=full,
        memory=memory,
    )


def night_after_night(home: Path, store: story.Store, days: int) -> date:
    """Live through `days` nights, each built and published before the next comes."""
    last = story.FIRST
    for number in range(1, days + 1, 4):
        last = story.live(store, number)
        build(home, store, last)
        warehouse.publish(home, night=last, now=story.moment(last))
    return last


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table and of the metrics, sorted; without how the file came about."""
    con = duckdb.connect(str(path), read_only=True)
    try:
        listed = con.execute("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
        passing = {"publication", "build", "touched_month"}
        tables = [f"{schema}.{table}" for schema, table in listed if table not in passing]
        found = {table: con.execute(f"from {table} order by all").fetchall() for table in tables}
        # Each view of the metrics computes all of them again, most of a second: here they are computed once.
        con.execute("create temp table metric_part as from metric_part")
        return found | {view: _over_temp(con, view) for view in VIEWS}
    finally:
        con.close()


def _over_temp(con: duckdb.DuckDBPyConnection, view: str) -> list[tuple[object, ...]]:
    """The rows of a view by the file's own text of it, which finds a temporary table before a lasting one."""
    asked = "select sql from duckdb_views() where schema_name = 'main' and view_name = ? and not temporary"
    ((text,),) = con.execute(asked, [view]).fetchall()
    con.execute(text.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))
    return con.execute(f"from temp.{view} order by all").fetchall()
