"""Finds the nights that a build must redo: those whose rows changed, and those that came of age."""

from __future__ import annotations

from datetime import date

import duckdb

from pipeline.warehouse.landing import count

# Figures are taken at these ages in days, so a night is redone when it reaches one; 0 is the night itself.
AGES = (0, 1, 7, 28)


def find_new(con: duckdb.DuckDBPyConnection, last: date | None, night: date) -> None:
    """After the merge: fills touched_night, the nights to redo among those there are. `last` was published before."""
    changed = "select post_key from changed_post union select post_key from changed_mention "
    changed += "union select post_key from changed_engagement"
    con.execute(
        "create or replace temp table touched_any as "  # noqa: S608
        # Where a changed or deleted row was, and where it is.
        f"select night from known_post where post_key in ({changed} union select post_key from landed_deletion) "
        f"union select night from post_night where post_key in ({changed}) "
        "union select night from changed_ledger "
        "union select day from changed_attention "
        "union select l.night from raw.ledger as l where l.run in (select run from changed_ledger_scope)"
    )
    for age in AGES if last else ():
        con.execute(
            "insert into touched_any select night from raw.night where night > ?::date - ? and night <= ?::date - ?",
            [last, age, night, age],
        )
    # Posts of a night that is not over yet wait for it.
    con.execute(
        "create or replace temp table touched_night as "
        "select distinct n.night from raw.night as n inner join touched_any as t on t.night = n.night"
    )


def find_all(con: duckdb.DuckDBPyConnection) -> None:
    """Every night there is."""
    con.execute("create or replace temp table touched_night as select night from raw.night")


def keep_months(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the months whose rows this build redid, for those who copy the file: by night, test or period."""
    con.execute(
        "create or replace table raw.touched_month as "
        "select 'night' as key_column, cast(date_trunc('month', night) as date) as month from touched_night union "
        # A night's change may turn the tests of nights after it.
        "select 'tested', cast(date_trunc('month', night) as date) from tested_night union "
        "select 'period', cast(date_trunc('month', period) as date) from touched_period"
    )


def count_touched(con: duckdb.DuckDBPyConnection) -> int:
    """How many nights are to be redone."""
    return count(con, "touched_night")
