"""A small real server on 127.0.0.1 that answers as told, also as no server should: resets, cuts, drips, garbage."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from pipeline.collect._pace import Pace


@dataclass(frozen=True)
class Asked:
    """A request: its path, its query, its headers (names in lower case), its body, and its `target` as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    target: str = ""


@dataclass(frozen=True)
class Reply:
    """What is sent: `cut` stops after so many bytes of the body, `reset` breaks the connection, `drip` sends slowly.

    `hold` keeps the connection open, in silence, until the other side leaves.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    reset: bool = False
    drip: bool = False
    hold: bool = False

    def sent(self) -> bytes:
        told = {"content-type": "application/json", "content-length": str(len(self.body)), "connection": "close"}
        told |= {name.lower(): value for name, value in self.headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
        return f"HTTP/1.1 {self.status} Said\r\n{head}\r\n".encode("latin-1") + self.body[: self.cut]


class Server:
    """`answer` makes a Reply of an Asked; `asked` is what came so far; `base` the address."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                self._one(connection)

    def _one(self, connection):
        raw = b""
        while b"\r\n\r\n" not in raw:
            piece = connection.recv(65536)
            if not piece:
                return
            raw += piece
        head, _, body = raw.partition(b"\r\n\r\n")
        head = head.decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        parts = urlsplit(target)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        while len(body) < int(headers.get("content-length", 0)) and (piece := connection.recv(65536)):
            body += piece
        asked = Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body, target)
        self.asked.append(asked)
        reply = self.answer(asked)
        if reply.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif reply.drip:
            for byte in reply.sent():
                connection.sendall(bytes([byte]))
                if self._closing.wait(0.01):
                    return
        else:
            connection.sendall(reply.sent())
        if reply.hold:
            while connection.recv(65536):
                pass


@contextlib.contextmanager
def serving(answer):
    """A Server for as long as the block runs."""
    server = Server(answer)
    try:
        yield server
    finally:
        server.close()


class Time:
    """Time that passes only when somebody sleeps; `slept` is the list of sleeps in seconds."""

    def __init__(self, chance=0.5):
        self.now = 1_000.0
        self.slept = []
        self.pace = Pace(sleep=self._sleep, clock=lambda: self.now, chance=lambda: chance)

    def _sleep(self, seconds):
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds
