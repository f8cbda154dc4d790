"""The tables in which a file says what it is: how it came about, and what its metrics mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipeline.warehouse import models as sql
from pipeline.warehouse.landing import land


@dataclass(frozen=True, slots=True)
class Publication:
    """How a file came about. `definitions` and `settings` are hashes; `built_at` is plain UTC."""

    night: date
    run: str
    code_version: str
    definitions: str
    settings: str
    revision: int
    built_at: datetime

    @property
    def stamp(self) -> str:
        """Tells this file from every other: two with the same stamp hold the same rows."""
        return f"{self.run} {self.revision} {self.definitions} {self.settings}"


def read_publication(con: duckdb.DuckDBPyConnection) -> Publication | None:
    """The file's publication row; None in a file that was never filled."""
    try:
        row = con.execute(
            "select night, run, code_version, definitions, settings, revision, built_at from publication"
        ).fetchone()
    except duckdb.CatalogException:
        return None
    return Publication(*row) if row else None


def last_publication(con: duckdb.DuckDBPyConnection, definitions: str) -> Publication | None:
    """The publication to go on from; None when there is none or when it was made by other definitions."""
    last = read_publication(con)
    return last if last and last.definitions == definitions else None


def write_publication(con: duckdb.DuckDBPyConnection, publication: Publication, last: Publication | None) -> None:
    """Replace the publication row, with the file's counts and the sources that were not complete on its night.

    `last` is the file that this one was made from, None when it was made from nothing.
    """
    con.execute(
        "create or replace table publication as select ?::date as night, ? as run, ? as code_version, "
        "? as definitions, ? as settings, ?::bigint as revision, "
        "(select count(*) from raw.post) as post_count, (select count(*) from fct_mention) as mention_count, "
        "(select count(*) from dim_brand where is_listened) as brand_count, "
        "coalesce((select string_agg(distinct c.source, ', ' order by c.source) from coverage_night as c "
        "where c.night = ?::date and not c.is_complete and c.status <> 'off'), '') as partial_sources, "
        "? as made_from, ?::timestamp as built_at",
        [
            publication.night,
            publication.run,
            publication.code_version,
            publication.definitions,
            publication.settings,
            publication.revision,
            publication.night,
            last.stamp if last else None,
            publication.built_at,
        ],
    )


def write_metric_definitions(con: duckdb.DuckDBPyConnection, models: Mapping[str, sql.Model], folder: Path) -> None:
    """Replace metric_definition: one row per metric and version, from the headers of the metric files."""
    said = ("title", "unit", "definition", "grain", "minimum_n", "source")
    columns = dict.fromkeys(("metric", *said, "sql", "replaced"), "varchar")
    rows = [
        {
            "metric": m.metric,
            "sql": m.sql,
            "replaced": m.header.get("replaced"),
            "version": int(m.header["version"]),
            "is_current": m.is_current,
            **{k: m.header[k] for k in said},
        }
        for m in sql.ordered(models, ("metrics",))
    ]
    land(con, "seed_metric_definition", [rows], {**columns, "version": "integer", "is_current": "boolean"}, folder)
    con.execute(
        "create or replace table metric_definition as select * from seed_metric_definition order by metric, version"
    )
    con.execute("drop table seed_metric_definition")
