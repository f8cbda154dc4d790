"""How often a new week of mentions falls in the range that the digest calls usual, on counts without any event."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np

from benchmarks import _alarms
from benchmarks._alarms import MEANS, SPREADS, Rows
from benchmarks._crowds import Columns, Ints
from benchmarks._held import fill
from pipeline.warehouse import models
from pipeline.warehouse.anomaly_level import WINDOW

# Weeks judged: the last eight of sixteen, so that each has the eight before it that digest_week.sql looks at.
_NIGHTS, _JUDGED = 112, 8


def usual(series: int, seed: int) -> Rows:
    """(mean of a night, variance / mean, weeks, share of them with a range, share of these that fall in it)."""
    rng = np.random.default_rng(seed)
    with duckdb.connect() as con:
        for mean in MEANS:
            for spread in SPREADS:
                made = _alarms.counts(rng, series, WINDOW + _NIGHTS, mean, spread)
                yield mean, spread, *_told(con, made)


def _told(con: duckdb.DuckDBPyConnection, made: Ints) -> Iterator[float]:
    found = _alarms.judged(made)
    tested = slice(WINDOW, None)
    night = np.tile(np.arange(_NIGHTS), len(made))
    columns: Columns = {
        "brand": np.repeat(np.arange(len(made)), _NIGHTS),
        "night": night,
        "week": night - night % 7,
        "mention_count": made[:, tested].ravel(),
        "usual_count": found.usual[:, tested].ravel(),
        "is_unusual": found.flagged[:, tested].ravel(),
    }
    fill(con, "digest_day", night.size, columns)
    con.execute("create or replace temp table dim_date as select d as night, d as day_number from range(112) as t (d)")
    con.execute(
        "create or replace temp table agg_brand_week as select brand, week as period, sum(mention_count) as "
        "mention_count, 0 as by_name_count, 0 as author_count, 7 as night_count, 7 as complete_count, 1 as coverage "
        "from digest_day group by brand, week"
    )
    yield from con.execute(
        "select count(*), count(usual_low) / count(*), avg(cast(mention_count between usual_low and usual_high as "
        f"integer)) from ({models.read()['digest_week'].sql}) where week >= ?",
        [_NIGHTS - 7 * _JUDGED],
    ).fetchall()[0]
