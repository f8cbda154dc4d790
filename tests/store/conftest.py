"""A fresh store for each test, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import store

# The test modules and the writer processes share one story.
sys.path.insert(0, str(Path(__file__).parent))

DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server: RAYONNER_TEST_POSTGRES, or the local one, started if it must be."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    server = os.environ.get("RAYONNER_TEST_POSTGRES", DEFAULT_SERVER)
    for start in (False, True):
        try:
            if start:
                subprocess.run(["pg_ctlcluster", "15", "main", "start"], check=True, capture_output=True, timeout=60)
            psycopg.connect(server, connect_timeout=5).close()
        except (psycopg.OperationalError, OSError, subprocess.SubprocessError):
            continue
        return server
    pytest.skip("no PostgreSQL server answers: set RAYONNER_TEST_POSTGRES to the address of one")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty scratch database, dropped afterwards."""
    import psycopg

    name = f"rayonner_test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"create database {name}")
    yield postgres_server.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty store's address, once of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def engine(url: str) -> Iterator[store.Engine]:
    """An empty store with its tables."""
    made = store.connect(url)
    store.migrate(made)
    yield made
    made.dispose()
