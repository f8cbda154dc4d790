"""What is published of two figures together: the change from one week to the next, and the place among peers."""

from __future__ import annotations

import duckdb
import numpy as np

from benchmarks._crowds import Crowd, Floats
from benchmarks._held import Cell, derive, fill, share, versions
from pipeline.warehouse import models

PLACE = "place by "


def change(con: duckdb.DuckDBPyConnection, metric: str, truth: Floats, crowd: Crowd, authors: int) -> Cell:
    """The brands' second half taken for the week after that of the first half, by digest_figure.sql."""
    half = len(truth) // 2
    newest = versions(metric)[max(versions(metric))]
    con.execute(
        f"create or replace temp table metrics as select '{metric}' as metric, 1 as version, 'week' as grain, "
        f"cast(brand as integer) % {half} as brand, value, low, high, n, 1 as coverage, "
        f"case when cast(brand as integer) < {half} then date '2026-01-05' else date '2026-01-12' end as period "
        f"from ({newest}) where cast(brand as integer) < {2 * half}"
    )
    con.execute(
        "create or replace temp table dim_date as select cast(d as integer) as day_number, "
        "date '2026-01-05' + cast(d as integer) as night, date '2026-01-05' + cast(d - d % 7 as integer) as week, "
        "date '2026-01-01' as month from range(14) as t (d)"
    )
    sql = f"select brand, change_low as low, change_high as high from ({models.read()['digest_figure'].sql})"
    told = share(con, sql, truth[half : 2 * half] - truth[:half])
    return Cell(f"change of {metric} from week to week", crowd.name, authors, {1: told})


def place(con: duckdb.DuckDBPyConnection, metric: str, truth: Floats, crowd: Crowd, authors: int, size: int) -> Cell:
    """Places that rank_among_peers.sql allows each brand among `size` of them."""
    newest = versions(metric)[max(versions(metric))]
    con.execute(
        f"create or replace temp table metrics as select '{metric}' as metric, 'week' as grain, 1 as period, "
        f"brand, value, low, high from ({newest})"
    )
    peers(con, len(truth), size)
    fill(
        con,
        "agg_peer",
        0,
        peer="",
        grain="",
        period=0,
        mention_count=0,
        set_count=0,
        night_count=0,
        complete_count=0,
        design_effect=0,
    )
    derive(con, "peer_share")
    sets = truth.reshape(-1, size)
    true = 1 + (sets[:, None, :] > sets[:, :, None]).sum(axis=2).ravel()
    sql = f"select brand, rank_low as low, rank_high as high from ({models.read()['rank_among_peers'].sql})"
    return Cell(f"{PLACE}{metric}", crowd.name, authors, {1: share(con, sql, true.astype(np.float64))})


def peers(con: duckdb.DuckDBPyConnection, brands: int, size: int) -> None:
    """Cut the brands into peer sets of `size`."""
    con.execute(
        "create or replace temp table bridge_peer as "
        f"select a.b as brand, p.b as peer from range({brands}) as a (b) "
        f"inner join range({brands}) as p (b) on a.b // {size} = p.b // {size}"
    )
