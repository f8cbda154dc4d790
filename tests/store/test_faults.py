"""Every complaint of a database becomes an error of ours, with a cure and without a secret."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from store_story import KEY, found, rows, save

from pipeline import store
from pipeline.errors import (
    BusyError,
    ConfigError,
    CredentialError,
    FatalError,
    PipelineError,
    SchemaError,
    UnavailableError,
)
from pipeline.store import database, faults

ROOT = Path(__file__).parents[2]
SECRET = "hunter2"


@pytest.mark.parametrize("url", [f"mysql://me:{SECRET}@host/db", f"not a url {SECRET}", f"sqlite+odd:///{SECRET}", ""])
def test_an_address_that_is_none_is_refused_without_repeating_it(url):
    with pytest.raises(ConfigError, match="RAYONNER_STORE_URL") as told:
        store.connect(url)
    assert SECRET not in str(told.value)


def test_a_server_that_is_away_is_worth_another_try():
    engine = store.connect(f"postgresql://me:{SECRET}@127.0.0.1:1/nothing?password={SECRET}")
    with pytest.raises(UnavailableError) as told:
        store.migrate(engine)
    assert SECRET not in str(told.value)
    assert SECRET not in repr(told.value.__cause__)


def test_a_database_that_is_not_there_is_a_setting_to_correct(postgres_server):
    engine = store.connect(postgres_server.rsplit("/", 1)[0] + "/no_such_rayonner_base")
    with pytest.raises(ConfigError, match="does not exist"):
        store.migrate(engine)


def test_an_account_without_rights_is_told_so(postgres_url):
    owner = store.connect(postgres_url)
    store.migrate(owner)
    with owner.begin() as connection:
        connection.exec_driver_sql("drop role if exists rayonner_reader")
        connection.exec_driver_sql(f"create role rayonner_reader login password '{SECRET}'")
    reader = store.connect(postgres_url.replace("//postgres@", f"//rayonner_reader:{SECRET}@"))
    try:
        with pytest.raises(FatalError, match="right to write") as told:
            save(reader, found())
        assert SECRET not in str(told.value)
    finally:
        reader.dispose()
        with owner.begin() as connection:
            connection.exec_driver_sql("drop role rayonner_reader")
        owner.dispose()


def test_a_writer_that_holds_the_store_too_long_makes_others_busy(url, monkeypatch):
    monkeypatch.setattr(database, "BUSY_S", 0.2 if url.startswith("sqlite") else 1)
    holder, other = store.connect(url), store.connect(url)
    store.migrate(holder)
    with database.writing(holder), pytest.raises(BusyError, match="another process"):
        save(other, found())
    assert save(other, found()).new == 1
    holder.dispose()
    other.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(FatalError, match="restore it from a backup") as told:
        store.migrate(store.connect(f"sqlite:///{path}"))
    assert str(path) in str(told.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FatalError, match="cannot be made"):
        store.connect(f"sqlite:///{tmp_path / 'file' / 'store.sqlite'}")


def test_the_store_is_private_to_its_owner(sqlite_url):
    store.connect(sqlite_url)
    assert Path(sqlite_url.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0


def limited() -> None:
    # 600 kB: enough for the tables and a few batches. SIGXFSZ would kill before SQLite could complain.
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))


def test_a_full_disk_stops_with_a_cure_and_loses_nothing_committed(sqlite_url):
    program = [sys.executable, str(ROOT / "tests/store/store_story.py"), sqlite_url, "100", "100"]
    writer = subprocess.run(
        program,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=limited,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "FatalError: the disk of the store is full" in writer.stderr
    assert "free space" in writer.stderr
    saved = writer.stdout.count("saved")
    assert saved > 0
    engine = store.connect(sqlite_url)
    assert len(rows(engine)["post"]) == saved * 100
    assert store.cursor(engine, "sample", "night") == str(saved - 1)
    assert save(engine, found(100_000)).new == 1
    engine.dispose()


def driver_error(name: str, **values: object) -> DBAPIError:
    origin = type(name, (Exception,), values)("detail: some words of a post")
    return OperationalError("insert ...", {}, origin)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40001", BusyError),
        ("40P01", BusyError),
        ("55P03", BusyError),
        ("57014", BusyError),
        ("53300", BusyError),
        ("53100", FatalError),
        ("57P01", UnavailableError),
        ("08006", UnavailableError),
        ("28P01", CredentialError),
        ("3D000", ConfigError),
        ("42501", FatalError),
        ("42P01", SchemaError),
        ("42703", SchemaError),
        ("23502", FatalError),
        ("XX000", FatalError),
    ],
)
def test_every_state_of_postgresql_has_its_error(state, kind):
    found_kind, words = faults.fault(driver_error("SomeError", sqlstate=state))
    assert found_kind is kind
    assert "words of a post" not in words


def test_every_result_code_of_sqlite_has_an_error_of_ours():
    names = [name for name in dir(sqlite3) if name.startswith("SQLITE_")]
    for name in names:
        error = sqlite3.OperationalError("words of a post")
        error.sqlite_errorname = name
        kind, words = faults.fault(OperationalError("insert", {}, error))
        assert issubclass(kind, PipelineError)
        assert "words of a post" not in words
    assert len(names) > 50


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ('password authentication failed for user "me"', CredentialError),
        ("no pg_hba.conf entry for host", CredentialError),
        ('database "x" does not exist', ConfigError),
        ("connection refused", UnavailableError),
    ],
)
def test_a_connection_that_failed_is_told_apart_by_its_words(words, kind):
    assert faults.fault(OperationalError("", {}, type("OperationalError", (Exception,), {})(words)))[0] is kind


def test_waiting_for_a_connection_is_busy():
    assert faults.fault(PoolTimeout())[0] is BusyError


def test_an_error_never_quotes_a_row(engine):
    with pytest.raises(PipelineError) as told, database.writing(engine) as work:
        work.connection.exec_driver_sql(
            "insert into post (post_key, text, revision) values (1, 'words of a post', 1)"  # columns are missing
        )
    assert "words of a post" not in str(told.value) + repr(told.value.__cause__)
    assert KEY.hex() not in str(told.value)
