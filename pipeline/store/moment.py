"""A moment in a column: always UTC, so that SQLite, which knows no zone, and PostgreSQL give the same answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A time with a zone, given back in UTC. SQLite keeps it as `2026-01-05 23:00:00.000000`, which sorts as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """How a value travels to the database; the hot path of every write, hence no call through SQLAlchemy's own."""
        return _sqlite_text if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """How a value comes back: with the zone that SQLite lost, or in UTC where PostgreSQL names it otherwise."""
        return _sqlite_moment if dialect.name == "sqlite" else _utc


def _sqlite_text(moment: datetime | None) -> str | None:
    # 26 characters: all but the zone, which is UTC.
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26] if moment else None


def _sqlite_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
