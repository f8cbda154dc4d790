"""What a database's complaint means for the caller; no statement, value or password ever passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pipeline.errors import (
    BusyError,
    ConfigError,
    CredentialError,
    FatalError,
    PipelineError,
    SchemaError,
    UnavailableError,
)

_DISK = "the disk of the store is full or its quota is reached: free space there and run the same command again; "
_DISK += "what was committed is safe"
_RIGHTS = "the store may not be written: give the account that runs this the right to write"
_SHAPE = "the store does not have the tables this version reads: run `rayonner run` once to bring it up to date"
_BUSY = "another process kept the store busy for too long: the same call may succeed later"
_AWAY = "the store's server does not answer"
_WORDS = "the store refused the account: check the name and password in RAYONNER_STORE_URL"
_NO_BASE = "the store's database does not exist: create it or correct RAYONNER_STORE_URL"
_BROKEN = "the store's file is damaged or is no database: restore it from a backup"

Fault = tuple[type[PipelineError], str]

# Primary result codes of SQLite, by the start of their names (https://www.sqlite.org/rescode.html).
_SQLITE: tuple[tuple[str, Fault], ...] = (
    ("SQLITE_BUSY", (BusyError, _BUSY)),
    ("SQLITE_LOCKED", (BusyError, _BUSY)),
    ("SQLITE_FULL", (FatalError, _DISK)),
    # A write refused by a quota or a file-size limit is an I/O error to SQLite, not a full disk.
    ("SQLITE_IOERR_WRITE", (FatalError, _DISK)),
    ("SQLITE_IOERR_SHMSIZE", (FatalError, _DISK)),
    ("SQLITE_IOERR", (FatalError, "the disk of the store fails: look at the system's log")),
    ("SQLITE_READONLY", (FatalError, _RIGHTS)),
    ("SQLITE_CANTOPEN", (FatalError, "the store's file cannot be opened: check that its folder exists, with rights")),
    ("SQLITE_PERM", (FatalError, _RIGHTS)),
    ("SQLITE_CORRUPT", (FatalError, _BROKEN)),
    ("SQLITE_NOTADB", (FatalError, _BROKEN)),
    ("SQLITE_ERROR", (SchemaError, _SHAPE)),
)

# SQLSTATE of PostgreSQL, by its start (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRES: tuple[tuple[str, Fault], ...] = (
    ("40", (BusyError, _BUSY)),
    ("55P03", (BusyError, _BUSY)),
    ("57014", (BusyError, _BUSY)),
    ("53300", (BusyError, "the store's server has no connection left: the same call may succeed later")),
    ("53100", (FatalError, _DISK)),
    ("57P", (UnavailableError, _AWAY)),
    ("08", (UnavailableError, _AWAY)),
    ("28", (CredentialError, _WORDS)),
    ("3D", (ConfigError, _NO_BASE)),
    ("42501", (FatalError, _RIGHTS)),
    ("25006", (FatalError, _RIGHTS)),
    ("42", (SchemaError, _SHAPE)),
)

# A connection that never came about has no SQLSTATE, only the server's words.
_REFUSALS: tuple[tuple[str, Fault], ...] = (
    ("password authentication failed", (CredentialError, _WORDS)),
    ("no password supplied", (CredentialError, _WORDS)),
    ("pg_hba.conf", (CredentialError, _WORDS)),
    ("role ", (CredentialError, _WORDS)),
    ("database ", (ConfigError, _NO_BASE)),
    ("too many clients", (BusyError, _BUSY)),
)


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turn what the database complains of into this project's errors; others pass untouched."""
    try:
        yield
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        kind, words = fault(error)
        # The driver's text may quote a row, so it is not chained: its name and code say enough.
        raise kind(f"{words} ({place(engine.url)}: {_code(error)})") from None


def fault(error: Exception) -> Fault:
    """The error of ours that a database error is, with the cure in words."""
    if isinstance(error, PoolTimeout):
        return BusyError, _BUSY
    origin = _origin(error)
    if isinstance(origin, sqlite3.Error):
        return _first(_SQLITE, getattr(origin, "sqlite_errorname", None) or "") or (FatalError, "the store failed")
    state = getattr(origin, "sqlstate", None)
    if state:
        return _first(_POSTGRES, state) or (FatalError, "the store failed")
    if type(origin).__name__ == "OperationalError":
        return next((f for words, f in _REFUSALS if words in str(origin)), (UnavailableError, _AWAY))
    return FatalError, "the store failed"


def place(url: URL) -> str:
    """Where the store is, without who and with what password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return f"{url.get_backend_name()} at {url.host or 'its socket'}, database {url.database or 'by default'}"


def _first(table: tuple[tuple[str, Fault], ...], code: str) -> Fault | None:
    return next((found for start, found in table if code.startswith(start)), None)


def _origin(error: Exception) -> BaseException:
    """What the driver said, as SQLAlchemy wrapped it or not."""
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def _code(error: Exception) -> str:
    origin = _origin(error)
    return str(getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None) or type(origin).__name__)
