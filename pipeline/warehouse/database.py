"""Opens DuckDB the one way the project opens it, and turns its errors into ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.errors import BusyError, FatalError, PipelineError

# Two threads and 400 MB keep a build under 512 MB in all, 560 brands over nine years included; what does not fit is
# spilled to disk. The rest of the machine is for the scorers.
THREADS = 2
MEMORY = "400MB"

# What a question of an analyst may take, and a build that does not fit in MEMORY.
ROOMY = "2GB"
# The oldest release that analysts still run (the command line on PyPI is 1.5) must open what we publish.
STORAGE_VERSION = "v1.5.0"


def quoted(text: str) -> str:
    """`text` as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """`text` as a SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def most_of_machine() -> list[str]:
    """Half of the machine's memory, as DuckDB reads it, where that is more than ROOMY: a first build of many years."""
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2 // 10**6
    return [f"{half}MB"] if half > 2000 else []


def create(path: Path) -> None:
    """Make an empty database file in the storage version that DuckDB 1.5 reads."""
    con = duckdb.connect()
    try:
        con.execute(f"attach {quoted(str(path))} as made (storage_version '{STORAGE_VERSION}')")
        con.execute("detach made")
    finally:
        con.close()


@contextmanager
def writing(path: Path, temp: Path, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write to `path`; spills into `temp`, never into the reader's folder."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": THREADS,
        "memory_limit": memory,
        "temp_directory": str(temp),
    }
    with translated(), closing(duckdb.connect(str(path), config=config)) as con:
        # Casting a zoned time to a plain one uses the machine's zone unless told otherwise.
        con.execute("set timezone = 'UTC'")
        con.execute("set preserve_insertion_order = false")
        yield con


@contextmanager
def reading(path: Path, *, sealed: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection; `sealed` also shuts files, network and settings off from the SQL that is run."""
    if not path.exists():
        raise FatalError(f"{path} does not exist: run `rayonner build` and `rayonner publish` first")
    config: dict[str, str | bool | int | float | list[str]] = {"threads": THREADS, "memory_limit": ROOMY}
    if sealed:
        config["enable_external_access"] = False
    with translated(), closing(duckdb.connect(str(path), read_only=True, config=config)) as con:
        con.execute("set timezone = 'UTC'")
        if sealed:
            con.execute("set lock_configuration = true")
        yield con


@contextmanager
def closing(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Close the connection whatever happens."""
    try:
        yield con
    finally:
        con.close()


@contextmanager
def translated() -> Iterator[None]:
    """Every error of DuckDB and of the file system becomes one of ours, the cause kept."""
    try:
        yield
    except PipelineError:
        raise
    except duckdb.IOException as error:
        if "Could not set lock" in str(error):
            raise BusyError(f"another process has the database open: {first_line(error)}") from error
        raise FatalError(f"the warehouse cannot read or write: {first_line(error)}") from error
    except duckdb.OutOfMemoryException as error:
        raise FatalError(f"the warehouse needs more memory: {first_line(error)}") from error
    except duckdb.Error as error:
        raise FatalError(f"the warehouse failed: {first_line(error)}") from error
    except OSError as error:
        raise FatalError(f"the warehouse cannot write: {error}") from error


def first_line(error: Exception) -> str:
    """The first line of a message: the rest quotes SQL, and sometimes rows."""
    return str(error).partition("\n")[0]


def candidates(error: Exception) -> str:
    """The names that DuckDB offers instead of the wrong one, as ` Did you mean "x"?`; empty when it offers none."""
    told = str(error).split("\n")[1:]
    return "".join(f" {line}" for line in told if line.startswith(("Did you mean", "Candidate bindings")))
