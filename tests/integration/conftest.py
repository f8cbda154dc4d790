"""Servers that several test files share, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration import bluesky_net


@pytest.fixture(scope="session")
def bluesky_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bluesky_net.Net]:
    """Bluesky's own servers, with nobody in them yet."""
    with bluesky_net.running(tmp_path_factory.mktemp("bluesky")) as net:
        yield net
