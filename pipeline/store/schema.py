"""Bring the store's tables to the shape this version reads, whoever else is starting at the same moment."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from pipeline.errors import SchemaError
from pipeline.store.database import WRITER, reading
from pipeline.store.faults import place, told

# The newest migration, written here so that a store already in shape is known without loading Alembic (0.2 s); a
# test compares it with the migrations.
HEAD = "0008"

# Any number that nobody else uses on the server: the advisory lock of migrations ("RAYO" in ASCII).
_LOCK = 0x5241594F


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables, in one transaction. A store already in shape is only looked at.

    Two processes may call it at once: one works, the other waits and finds it done. Raises SchemaError when the store
    was written by a newer version of this program.
    """
    with reading(engine) as connection:
        if _version(connection) == HEAD:
            return
    with told(engine), engine.execution_options(**WRITER).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _upgrade(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # Alembic reads % as the start of a reference.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _version(connection)
    if found is not None and found not in known:
        raise SchemaError(
            f"the store was written by a newer version (schema {found}, this one knows {HEAD}): "
            f"install that version, or restore a backup ({place(connection.engine.url)})"
        )
    command.upgrade(config, "head")
