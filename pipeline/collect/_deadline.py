"""Ends an exchange that lasts too long, from beside it: a library's timeouts start anew with each byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any


class Deadline:
    """Knows the connections of one client that sends one request at a time, and cuts them when its time is over.

    `seen` is httpx's `trace` extension. `passed` tells whether the last exchange was cut.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._seconds = seconds
        self._open: list[socket.socket] = []

    def seen(self, event: str, told: Mapping[str, Any]) -> None:
        """Remember a connection that was just made, and the one with TLS that takes its place."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            found = told["return_value"].get_extra_info("socket")
            self._open = [one for one in [*self._open, found] if one and one.fileno() >= 0]

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """While inside, whatever is not over in time is cut: the reader then meets the end of the stream."""
        self.passed = False
        timer = threading.Timer(self._seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        for one in self._open:
            # The plain call: TLS would first take leave of a peer that does not listen. One that is closed is cut.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)
