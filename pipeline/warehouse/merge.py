"""Takes landed rows into the raw tables: only those that differ, sought only among the nights they belong to.

A key is a hash: without its night it could lie anywhere in ten years. So the raw tables lie in the order of nights,
what belongs to a post has its night beside it, and a build looks up once the nights of the posts that landed.
"""

from __future__ import annotations

import duckdb

from pipeline.warehouse.landing import OF_POSTS, RAW, count

BY_NIGHT = ("post", *OF_POSTS)
NOWHERE = "false"


def take_in(con: duckdb.DuckDBPyConnection) -> int:
    """Write into raw what the landed rows change; returns how many rows are new or differ.

    Deletions come first, so that a post which came back as it was is new.

    Leaves, for what follows: `changed_<table>`, the rows that came in; known_post and post_night (post_key, night), the
    nights of the posts that landed rows speak of as they were and as they are.
    """
    among = _find_known(con)
    for table in BY_NIGHT:
        con.execute(f"delete from raw.{table} where post_key in (select post_key from landed_deletion) and {among}")  # noqa: S608
    changed = sum(_keep_changed(con, table, among) for table in RAW)
    con.execute(
        "create or replace temp table post_night as select post_key, night from changed_post union all "
        "select k.post_key, k.night from known_post as k where k.post_key not in ("
        "select post_key from changed_post union all select post_key from landed_deletion)"
    )
    for table in RAW:
        _merge(con, table, among)
    _follow(con, among)
    return changed


def _find_known(con: duckdb.DuckDBPyConnection) -> str:
    """Fill known_post; returns the condition on `night` that holds for all that raw knows of these posts."""
    landed = " union all ".join(f"select post_key from landed_{table}" for table in (*BY_NIGHT, "deletion"))  # noqa: S608
    con.execute(
        "create or replace temp table known_post as "  # noqa: S608
        f"select p.post_key, p.night from raw.post as p where p.post_key in ({landed})"
    )
    row = con.execute("select min(night), max(night) from known_post").fetchone()
    return f"night between date '{row[0]}' and date '{row[1]}'" if row and row[0] else NOWHERE


def _keep_changed(con: duckdb.DuckDBPyConnection, table: str, among: str) -> int:
    """Replace `landed_<table>` by `changed_<table>`: the rows that are new or differ from raw; returns how many.

    A key that came twice (a row rewritten while it was read) keeps one row.
    """
    keys, columns = RAW[table]
    chosen = ", ".join(f"l.{c}" for c in columns)
    rest = [c for c in columns if c not in keys]
    same_key = " and ".join(f"l.{k} = r.{k}" for k in keys)
    differs = " or ".join([f"r.{keys[0]} is null", *(f"l.{c} is distinct from r.{c}" for c in rest)])
    con.execute(
        f"create or replace temp table changed_{table} as select {chosen} from landed_{table} as l "  # noqa: S608
        f"left join (select * from raw.{table}{_where(table, among)}) as r on {same_key} where {differs} "
        f"qualify row_number() over (partition by {', '.join(f'l.{k}' for k in keys)}) = 1"
    )
    con.execute(f"drop table landed_{table}")
    return count(con, f"changed_{table}")


def _merge(con: duckdb.DuckDBPyConnection, table: str, among: str) -> None:
    """Write `changed_<table>` into raw: every row in it is new or replaces the one of its key."""
    rows = f"select * from changed_{table}"  # noqa: S608
    if table in OF_POSTS:
        rows = f"select c.*, n.night from changed_{table} as c left join post_night as n on n.post_key = c.post_key"  # noqa: S608
    by_night = table in BY_NIGHT
    if count(con, f"raw.{table}") == 0 or (by_night and among == NOWHERE):
        con.execute(f"insert into raw.{table} by name {rows}{' order by night' if by_night else ''}")
        return
    same_key = " and ".join(f"c.{k} = r.{k}" for k in RAW[table][0])
    con.execute(
        f"merge into raw.{table} as r using ({rows}) as c on {same_key}{f' and r.{among}' if by_night else ''} "
        "when matched then update when not matched then insert by name"
    )


def _follow(con: duckdb.DuckDBPyConnection, among: str) -> None:
    """Where a post moved to another night, what belongs to it goes along."""
    con.execute(
        "create or replace temp table moved as select n.post_key, n.night from post_night as n "
        "inner join known_post as k on k.post_key = n.post_key where k.night <> n.night"
    )
    if count(con, "moved"):
        for table in OF_POSTS:
            con.execute(
                f"update raw.{table} as r set night = m.night from moved as m "  # noqa: S608
                f"where m.post_key = r.post_key and r.{among}"
            )


def _where(table: str, among: str) -> str:
    return f" where {among}" if table in BY_NIGHT else ""
