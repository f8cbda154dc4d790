"""A reader of its own: opens the published file again and again until told to stop, and says what it saw."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import duckdb

# The publication row, the facts and the aggregates are written together: if they disagree the read is torn.
SAME = """
select p.mention_count = (select count(*) from fct_mention)
    and (select count(*) from fct_mention where is_night_complete)
        = (select sum(mention_count + owned_count) from agg_mention where dimension = 'all' and grain = 'day')
from publication as p
"""


def main(path: Path, stop: Path) -> None:
    os.nice(5)  # three that never rest would take most of a busy core from the writer that they watch
    opened = errors = torn = 0
    while not stop.exists():
        try:
            con = duckdb.connect(str(path), read_only=True)
            row = con.execute(SAME).fetchone()
            con.close()
            opened += 1
            torn += row != (True,)
        except duckdb.Error as error:
            errors += 1
            print(error, file=sys.stderr)
        time.sleep(0.02)
    print(opened, errors, torn)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
