"""The made-up weeks, built once for all tests of the room."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from pipeline.report import reading
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
    return reading.read(published, made_weeks.BY_SLUG[brand], week)
