"""A reverse proxy on this machine that fails first, as told, and then lets everything through as it is."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.collect.loopback import Asked, Reply, Server, serving


@contextmanager
def failing(upstream: str, *faults: Reply) -> Iterator[Server]:
    """A proxy of `upstream` whose first answers are the faults, one each."""
    left = list(faults)
    with serving(lambda asked: left.pop(0) if left else forwarded(upstream, asked)) as server:
        yield server


def forwarded(upstream: str, asked: Asked) -> Reply:
    """What the upstream says to the same request."""
    connection = http.client.HTTPConnection(urlsplit(upstream).netloc, timeout=5)
    try:
        headers = {name: value for name, value in asked.headers.items() if name not in ("host", "connection")}
        connection.request(asked.method, asked.target, body=asked.body or None, headers=headers)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        for own in ("connection", "transfer-encoding"):  # the body goes on in one piece
            told.pop(own, None)
        return Reply(answer.read(), answer.status, told)
    finally:
        connection.close()
