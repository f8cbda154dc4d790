"""Which series of nights must be tested anew: those whose counts are not the ones that were tested."""

from __future__ import annotations

import duckdb


def find_changed(con: duckdb.DuckDBPyConnection, tests: str, everything: bool) -> None:
    """Fill changed_series: whose counts of a touched night are not those in the table `tests`, and where."""
    con.execute(
        "create or replace temp table spoken_of as select distinct a.brand, "
        "case a.dimension when 'all' then '*' else a.part end as source "
        "from agg_mention as a where a.grain = 'day' and a.dimension <> 'language' and a.mention_count > 0"
    )
    nights = "select night from touched_night"
    con.execute(
        "create or replace temp table changed_night as "  # noqa: S608
        "select coalesce(n.brand, o.brand) as brand, coalesce(n.source, o.source) as source, "
        "coalesce(n.night, o.night) as night from ("
        "select c.* from night_count as c inner join spoken_of as s on s.brand = c.brand and s.source = c.source "
        f"where c.night in ({nights})) as n full outer join ("
        f"select * from {tests} where night in ({nights})) as o "
        "on o.brand = n.brand and o.source = n.source and o.night = n.night "
        "where n.mention_count is distinct from o.mention_count or n.author_count is distinct from o.author_count"
    )
    fresh = "" if everything else f"except select brand, source from {tests}"  # noqa: S608
    con.execute(
        "create or replace temp table changed_series as "  # noqa: S608
        "select row_number() over (order by c.brand, c.source) as number, c.brand, c.source, "
        "min(d.day_number) as first_day, max(d.day_number) as last_day from ("
        "select brand, source, night from changed_night union all "
        # A series never spoken of before has no row yet: its whole past is new.
        "select s.brand, s.source, n.night from ("
        f"select brand, source from spoken_of {fresh}) as s inner join night_count as n "
        "on n.brand = s.brand and n.source = s.source) as c "
        "inner join dim_date as d on d.night = c.night group by c.brand, c.source"
    )
    # Nothing is left of a series whose every mention went.
    con.execute(
        f"delete from {tests} as o where not exists ("  # noqa: S608
        "select 1 from spoken_of as s where s.brand = o.brand and s.source = o.source)"
    )
