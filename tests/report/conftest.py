"""The made-up weeks, built once for all tests of the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from pipeline.report import month, reading
from pipeline.report.digest import Digest
from tests.report import made_weeks
from tests.report.mailbox import Mailbox, free_port


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


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(box: Mailbox) -> Iterator[int]:
    controller = Controller(box, hostname="127.0.0.1", port=0)
    # The library looks at the port before it is known when it is 0; its own check is a connection to it.
    controller.port = free_port()
    controller.start()
    yield controller.port
    controller.stop()
