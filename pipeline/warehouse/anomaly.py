"""Keeps night_test: every complete night of every brand and source, tested against its usual level.

The test runs from night to night, since a flagged night is left out of later levels; so it is no SQL. A build redoes a
series from its first changed night until the new flags agree with the old ones for as long as a level looks back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipeline.warehouse import anomaly_tail as tail
from pipeline.warehouse.anomaly_changed import find_changed
from pipeline.warehouse.anomaly_level import LEVEL, WINDOW, Flags, Ints, Judged, judge

TABLE = "night_test"
# Cells of series x nights judged at once (some 120 MB; a step for many series costs little more than for one), and
# nights gone on before looking whether the flags agree.
_CELLS, _ON = 1_200_000, 2 * WINDOW

_COLUMNS = (
    "brand varchar, source varchar, mention_count bigint, author_count bigint, usual_count double, usual_low bigint, "
    "usual_high bigint, direction varchar, p double, is_flagged boolean, is_restart boolean, night date"
)
# (number, first changed day, last changed day)
_Series = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Series x nights: mentions (-1 where not complete), authors, and the flags of the last build."""

    counts: Ints
    authors: Ints
    flagged: Flags
    restarted: Flags


def fill(con: duckdb.DuckDBPyConnection, everything: bool) -> bool:
    """Make or update night_test from night_count, and tested_night: the nights whose tests changed."""
    if everything:
        con.execute(f"create or replace table {TABLE} ({_COLUMNS})")
    con.execute("create or replace temp table tested_night (night date)")
    find_changed(con, TABLE, everything)
    for batch in _batches(con):
        _redo(con, batch)
    con.execute("create or replace temp table tested_night as select distinct night from tested_night")
    return everything


def _batches(con: duckdb.DuckDBPyConnection) -> Iterator[Sequence[_Series]]:
    """Series that changed about the same time go together: the nights between others' changes need no redoing."""
    rows = con.execute("select number, first_day, last_day from changed_series order by first_day, number").fetchall()
    horizon = _horizon(con)
    for _, near in groupby(rows, key=lambda s: s[1] // 28):
        run = list(near)
        size = max(1, _CELLS // (horizon - run[0][1] + WINDOW + 1))
        yield from (run[i : i + size] for i in range(0, len(run), size))


def _horizon(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the last night."""
    row = con.execute("select max(day_number) from dim_date").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _redo(con: duckdb.DuckDBPyConnection, series: Sequence[_Series]) -> None:
    """Test the series from their first changed night on, until nothing differs any more, and write them."""
    numbers = [number for number, _, _ in series]
    con.execute(
        "create or replace temp table redone_series as "
        "select row_number() over (order by number) - 1 as place, brand, source from changed_series where number in ?",
        [numbers],
    )
    first, horizon = min(s[1] for s in series), _horizon(con)
    until = max(s[2] for s in series)
    while True:
        until = min(until + _ON, horizon)
        seen = _seen(con, len(series), first, until)
        judged = judge(seen.counts, seen.flagged, seen.restarted, WINDOW)
        if until == horizon or _agree(seen, judged):
            break
    _write(con, seen, judged, first, until)


def _seen(con: duckdb.DuckDBPyConnection, size: int, first: int, until: int) -> _Seen:
    """What is known of the series from WINDOW nights before `first` up to `until`, as matrices."""
    start = first - WINDOW
    shape = (size, until - start + 1)
    counts, authors = np.full(shape, -1), np.zeros(shape, np.int64)
    flagged, restarted = np.zeros(shape, bool), np.zeros(shape, bool)
    nights = [date.fromordinal(day) for day in (start, until)]
    # Said as dates, so that only these nights are read.
    between = "inner join dim_date as d on d.night = n.night where n.night between ?::date and ?::date"
    found = con.execute(
        "select s.place, d.day_number, n.mention_count, n.author_count from night_count as n "  # noqa: S608
        f"inner join redone_series as s on s.brand = n.brand and s.source = n.source {between}",
        nights,
    ).fetchnumpy()
    where = found["place"], found["day_number"] - start
    counts[where], authors[where] = found["mention_count"], found["author_count"]
    told = con.execute(
        f"select s.place, d.day_number, n.is_flagged, n.is_restart from {TABLE} as n "  # noqa: S608
        f"inner join redone_series as s on s.brand = n.brand and s.source = n.source {between}",
        nights,
    ).fetchnumpy()
    where = told["place"], told["day_number"] - start
    flagged[where], restarted[where] = told["is_flagged"], told["is_restart"]
    return _Seen(counts, authors, flagged, restarted)


def _agree(seen: _Seen, judged: Judged) -> bool:
    """Whether the last nights are flagged as they were: then all later ones would be, too."""
    flags = np.array_equal(judged.flagged[:, -WINDOW:], seen.flagged[:, -WINDOW:])
    return flags and np.array_equal(judged.restarted[:, -WINDOW:], seen.restarted[:, -WINDOW:])


def _write(con: duckdb.DuckDBPyConnection, seen: _Seen, judged: Judged, first: int, until: int) -> None:
    """Replace the series' nights from `first` to `until`, and note the nights on which a row differs."""
    nights = [date.fromordinal(day) for day in (first, until)]
    con.register("judged", _columns(seen, judged, first))
    con.execute(
        "create or replace temp table redone as select s.brand, s.source, j.mention_count, j.author_count, "
        "j.usual_count, cast(j.usual_low as bigint) as usual_low, cast(j.usual_high as bigint) as usual_high, "
        "case when j.p is not null then case when j.up then 'up' else 'down' end end as direction, "
        "j.p, j.is_flagged, j.is_restart, d.night from judged as j "
        "inner join redone_series as s on s.place = j.place inner join dim_date as d on d.day_number = j.day_number"
    )
    con.unregister("judged")
    old = (
        f"select o.* from {TABLE} as o inner join redone_series as s on s.brand = o.brand and s.source = o.source "  # noqa: S608
        "where o.night between $1 and $2"
    )
    con.execute(
        f"insert into tested_night select night from ({old} except from redone) union all "  # noqa: S608
        f"select night from (from redone except {old})",
        nights,
    )
    con.execute(
        f"delete from {TABLE} as o using redone_series as s where s.brand = o.brand and s.source = o.source "  # noqa: S608
        "and o.night between ?::date and ?::date",
        nights,
    )
    con.execute(f"insert into {TABLE} by name from redone")


def _columns(seen: _Seen, judged: Judged, first: int) -> dict[str, NDArray[np.generic]]:
    """The complete nights from `first` on, a column each; the usual range of flagged nights only: it takes a search."""
    place, column = np.nonzero(seen.counts[:, WINDOW:] >= 0)
    pick = place, column
    low, high = np.full(len(place), np.nan), np.full(len(place), np.nan)
    hit = judged.flagged[pick]
    mean, factor = judged.usual[pick][hit], judged.factor[pick][hit]
    level = tail.strict(LEVEL, judged.freedom[pick][hit])
    low[hit], high[hit] = tail.smallest_usual(mean, factor, level), tail.largest_usual(mean, factor, level)
    return {
        "place": place,
        "day_number": column + first,
        "mention_count": seen.counts[:, WINDOW:][pick],
        "author_count": seen.authors[:, WINDOW:][pick],
        "usual_count": judged.usual[pick],
        "usual_low": low,
        "usual_high": high,
        "up": judged.up[pick],
        "p": judged.p[pick],
        "is_flagged": hit,
        "is_restart": judged.restarted[pick],
    }
