"""Rules of the whole house: tests speak to loopback only, and a run that has every server accepts no skip."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Generator, Iterator
from typing import Any

import pytest

REQUIRE_SERVERS = "RAYONNER_REQUIRE_SERVERS"
# What a machine with every server may still lack: data that is not ours to ship.
MAY_LACK = re.compile(r"\bshared\b")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not report.skipped or hasattr(report, "wasxfail") or os.environ.get(REQUIRE_SERVERS) != "1":
        return report
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not MAY_LACK.search(reason):
        report.outcome = "failed"
        report.longrepr = f"{reason}\n({REQUIRE_SERVERS}=1: what this test needs must be there)"
    return report


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """No test may leave this machine: a connection to anywhere else is an error, not a slow success."""
    connect = socket.socket.connect

    def near(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", near)
        yield


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback
