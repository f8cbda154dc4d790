"""The tables come to be by migrations, at once or in turn, and a newer store is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from pipeline import store
from pipeline.errors import SchemaError
from pipeline.store import schema
from pipeline.store.tables import metadata

ROOT = Path(__file__).parents[2]


def test_the_migrated_store_has_exactly_the_tables_of_the_code(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_partial_indexes_are_the_ones_of_the_code(engine):
    def shown(name: str) -> str:
        catalogue = {
            "sqlite": "select sql from sqlite_master where name = :name",
            "postgresql": "select indexdef from pg_indexes where indexname = :name",
        }[engine.dialect.name]
        with engine.connect() as connection:
            return " ".join(str(connection.execute(text(catalogue), {"name": name}).scalar_one()).split()).casefold()

    partial = ("ix_post_expires_on", "ix_post_followed", "ix_post_repost_of_key", "ix_mention_unscored")
    made = {name: shown(name) for name in partial}
    with engine.begin() as connection:
        for index in [i for table in metadata.sorted_tables for i in table.indexes if i.name in made]:
            index.drop(connection)
            index.create(connection)
    assert {name: shown(name) for name in made} == made


def test_the_newest_migration_is_the_one_the_code_names():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "pipeline/store/migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_migrating_again_keeps_everything(engine):
    store.migrate(engine)
    assert store.revision(engine) == 0


def test_a_newer_store_is_refused_and_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer version"):
        store.migrate(engine)
    assert store.counts(engine)["posts"] == 0


def test_a_store_without_tables_says_what_to_do(url):
    engine = store.connect(url)
    with pytest.raises(SchemaError, match="bring it up to date"):
        store.counts(engine)
    engine.dispose()


def test_processes_that_start_together_find_one_store(url):
    program = f"from pipeline import store; e = store.connect({url!r}); store.migrate(e); print(store.revision(e))"
    starting = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in starting:
        said, complaint = process.communicate(timeout=120)
        assert (said, complaint) == (b"0\n", b"")


def test_a_percent_sign_in_the_path_is_no_reference(tmp_path, monkeypatch):
    folder = tmp_path / "50%(here)s"
    engine = store.connect(f"sqlite:///{folder / 'store.sqlite'}")
    store.migrate(engine)
    assert store.revision(engine) == 0
    engine.dispose()
