"""Which series of nights must be tested anew: those whose counts are not the ones that were tested."""

from __future__ import annotations

import duckdb

from pipeline.warehouse.landing import count

# The series that have tests: all that were ever spoken of. Kept so that none of the years must be read to know them.
KNOWN = "raw.tested_series"


def find_changed(con: duckdb.DuckDBPyConnection, tests: str, everything: bool) -> None:
    """Fill changed_series: whose counts of a touched night are not those in the table `tests`, and where."""
    if everything:
        con.execute(f"create or replace table {KNOWN} (brand varchar, source varchar)")
    con.execute(
        "create or replace temp table spoken_of as select distinct a.brand, "
        "case a.dimension when 'all' then '*' else a.part end as source "
        "from agg_mention as a where a.grain = 'day' and a.dimension <> 'language' and a.mention_count > 0"
    )
    _find_differing(con, tests)
    _find_new(con)
    con.execute(
        "create or replace temp table changed_series as "
        "select row_number() over (order by c.brand, c.source) as number, c.brand, c.source, "
        "min(d.day_number) as first_day, max(d.day_number) as last_day from changed_night as c "
        "inner join dim_date as d on d.night = c.night group by c.brand, c.source"
    )
    # Nothing is left of a series whose every mention went.
    con.execute(
        f"delete from {tests} as o using (select * from {KNOWN} except select * from spoken_of) as s "  # noqa: S608
        "where s.brand = o.brand and s.source = o.source"
    )
    con.execute(f"create or replace table {KNOWN} as select * from spoken_of")  # noqa: S608


def _find_differing(con: duckdb.DuckDBPyConnection, tests: str) -> None:
    """Fill changed_night with the touched nights whose counts differ from those tested."""
    row = con.execute("select min(night), max(night) from touched_night").fetchone()
    # Said as dates, so that only these nights are read.
    among = f"night between date '{row[0]}' and date '{row[1]}'" if row and row[0] else "false"
    nights = f"night in (select night from touched_night) and {among}"  # noqa: S608
    con.execute(
        "create or replace temp table changed_night as "  # noqa: S608
        "select coalesce(n.brand, o.brand) as brand, coalesce(n.source, o.source) as source, "
        "coalesce(n.night, o.night) as night from ("
        "select c.* from night_count as c inner join spoken_of as s on s.brand = c.brand and s.source = c.source "
        f"where c.{nights}) as n full outer join (select * from {tests} where {nights}) as o "
        "on o.brand = n.brand and o.source = n.source and o.night = n.night "
        "where n.mention_count is distinct from o.mention_count or n.author_count is distinct from o.author_count"
    )


def _find_new(con: duckdb.DuckDBPyConnection) -> None:
    """Add to changed_night the whole past of series never spoken of before: they have no test yet."""
    con.execute(
        f"create or replace temp table new_series as select * from spoken_of except select * from {KNOWN}"  # noqa: S608
    )
    if count(con, "new_series"):
        con.execute(
            "insert into changed_night select s.brand, s.source, n.night from new_series as s "
            "inner join night_count as n on n.brand = s.brand and n.source = s.source"
        )
