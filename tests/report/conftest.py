"""The made-up weeks, built once for all tests of the room."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from pipeline.report import month, reading
from pipeline.report.digest import Digest
from tests.report import made_weeks


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_weeks.publish(tmp_path_factory.mktemp("weeks"))


@pytest.fixture(scope="session")
def busy(published: Path) -> Digest:
    return digest_of(published, "busy")


@cache
def digest_of(published: Path, brand: str, week: date = made_weeks.W53) -> Digest:
    """The digest of a brand's week, or of its month where the day is the first of one."""
    room = month if week.day == 1 else reading
    return room.read(published, made_weeks.BY_SLUG[brand], week)
