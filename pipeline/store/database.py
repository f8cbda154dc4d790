"""How the store is opened, read and written: short transactions, one writer at a time, errors of our own tree."""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from pipeline.errors import ConfigError, FatalError
from pipeline.store import tables
from pipeline.store.faults import told

# Longer than any transaction of ours by a factor of a hundred; shorter than anybody's patience.
BUSY_S = 30

# A reader that becomes a writer half-way cannot wait its turn in SQLite: writers say so at the start.
WRITER = {"begin": "BEGIN IMMEDIATE"}

_PRAGMAS = (
    # FULL syncs at each commit: 7 % slower than NORMAL with batches of 2,000 rows (measured), and a deletion or an
    # opposition that was confirmed is not forgotten by a power cut.
    "synchronous = FULL",
    # Expired text is overwritten in the file, not only unlinked.
    "secure_delete = ON",
    # 64 MB of pages: the keys of ten million posts are random, their index should stay in memory.
    "cache_size = -64000",
    # The log is cut back to this after a large import.
    "journal_size_limit = 67108864",
)


def connect(url: str) -> Engine:
    """Open the store: `sqlite:///path` (its folder and file are made, private) or `postgresql://...` (psycopg).

    Nothing is asked of a server yet. Raises ConfigError for an address that cannot be read or a driver that is not
    installed, FatalError for a folder that cannot be made; no message repeats the address, which may hold a password.
    """
    address = _address(url)
    options: dict[str, Any] = {"hide_parameters": True}
    if address.get_backend_name() == "sqlite":
        _make_file(address)
        options["connect_args"] = {"timeout": BUSY_S}
    else:
        options |= {"pool_pre_ping": True, "connect_args": _server_options(address)}
    try:
        engine = create_engine(address, **options)
    except ModuleNotFoundError as missing:
        raise ConfigError(f"{missing.name} is not installed: pip install 'rayonner[postgres]'") from None
    _listen(engine)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = URL.create("")
    if address.drivername in {"sqlite", "sqlite+pysqlite"}:
        return address
    if address.drivername in {"postgresql", "postgresql+psycopg"}:
        return address.set(drivername="postgresql+psycopg")
    raise ConfigError("RAYONNER_STORE_URL is no address of a store: write sqlite:///path or postgresql://host/name")


def _server_options(address: URL) -> dict[str, Any]:
    given = address.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} -c timezone=UTC -c lock_timeout={BUSY_S * 1000}"
    return {"options": options.strip(), "connect_timeout": 10, "application_name": "rayonner"}


def _make_file(address: URL) -> None:
    """Make the file ourselves so that only its owner may read it: it holds people's words."""
    if not address.database or address.database == ":memory:" or address.database.startswith("file:"):
        return
    path = Path(address.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise FatalError(f"the store {path} cannot be made: {error.strerror}; give the account rights there") from None


def _listen(engine: Engine) -> None:
    sqlite = engine.dialect.name == "sqlite"

    @event.listens_for(engine, "connect")
    def opened(connection: DBAPIConnection, _: object) -> None:
        if sqlite:
            _prepare(cast(sqlite3.Connection, connection))
        # Callers drop an engine without a word; its connections are closed with it, in the process that opened them.
        weakref.finalize(engine, _close, connection, os.getpid())

    if sqlite:

        @event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            if how := connection.get_execution_options().get("begin", "BEGIN"):
                connection.exec_driver_sql(how)


def _close(connection: DBAPIConnection, opener: int) -> None:
    if os.getpid() == opener:
        connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # transactions are begun by us, see `begun`
    connection.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}")
    _write_ahead(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL, once for the life of the file. SQLite does not wait here when two processes do it at once."""
    for attempt in range(100):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or attempt == 99:
                raise
            time.sleep(0.05)


@dataclass(slots=True)
class Writing:
    """An open write transaction; its revision is taken at the first row that really changes."""

    connection: Connection
    _revision: int | None = None

    def revision(self) -> int:
        """The number of this transaction, greater than that of every committed one."""
        if self._revision is None:
            bump = update(tables.counter).values(revision=tables.counter.c.revision + 1)
            self._revision = self.connection.execute(bump.returning(tables.counter.c.revision)).scalar_one()
        return self._revision


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read transaction that sees one state of the store from its first query on."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with told(engine), engine.execution_options(**level).connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Writing]:
    """The one write transaction of the moment: others wait, up to `BUSY_S`. All or nothing; keep it short."""
    with told(engine), engine.execution_options(**WRITER).begin() as connection:
        # On PostgreSQL the counter's row is the lock: revisions then follow commits, and what is read stays true.
        connection.execute(select(tables.counter.c.revision).with_for_update()).scalar_one()
        yield Writing(connection)
