"""An empty warehouse in memory, with every table and view there is, for the SQL tests to fill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse import landing, models, runner, seeds, texts, touched
from tests.warehouse import story
from tests.warehouse.files import build

NIGHT = date(2026, 1, 31)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("landing")
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    landing.create_raw(con)
    con.execute(f"create table raw.post_text ({', '.join(f'{c} {t}' for c, t in texts.COLUMNS.items())})")
    seeds.seed_brands(con, [], {}, folder)
    seeds.seed_accounts(con, [], folder)
    seeds.seed_figures(con, folder)
    seeds.seed_influence(con, folder, folder)
    seeds.seed_nights(con, NIGHT, NIGHT, folder)
    touched.find_all(con)
    con.execute("create temp table changed_mention as select * from raw.mention")
    runner.run(con, models.read(), everything=True)
    yield con
    con.close()


@pytest.fixture(scope="session")
def empty_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built file of a store without rows."""
    return build(tmp_path_factory.mktemp("home"), story.Store(), NIGHT).path
