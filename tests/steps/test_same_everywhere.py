"""The store's engine makes no difference to what is published."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.steps import _night, _published

SERVER = os.environ.get("RAYONNER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def postgres() -> Iterator[str]:
    """A scratch database, dropped afterwards."""
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers; set RAYONNER_TEST_POSTGRES to a server's address")
    name = f"rayonner_test_{uuid.uuid4().hex[:12]}"
    server.execute(f'create database "{name}"')
    yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    server.execute(f'drop database "{name}" with (force)')
    server.close()


@pytest.mark.integration
def test_postgresql_publishes_the_rows_that_sqlite_does(tmp_path: Path, archive: Path, postgres: str) -> None:
    _night.chain(tmp_path / "sqlite", archive)
    _night.chain(tmp_path / "postgres", archive, postgres)
    published = _published.rows(tmp_path / "postgres")
    assert published == _published.rows(tmp_path / "sqlite")
    assert len(published["fct_mention"]) > 500
