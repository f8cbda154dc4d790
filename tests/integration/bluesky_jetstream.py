"""A Jetstream server on loopback that replays a real PDS's firehose, on both wires, with the faults it is given.

There is no Jetstream server to install; its wires are written down in the lexicon of
network.bsky.jetstream.subscribeEvents and in the notes of the repository bluesky-social/jetstream (August 2026).
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import zstandard
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

Fired = dict[str, Any]

NEW, OLD = "/xrpc/network.bsky.jetstream.subscribeEvents", "/subscribe"
DICTIONARY = "/xrpc/network.bsky.jetstream.getZstdDictionary"
_NSID = "network.bsky.jetstream.subscribeEvents"
_TIMESTAMPS = 10**15  # cursors from here on are microseconds, below numbers of events
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPERATIONS = ("create", "update", "delete")


def microseconds(moment: datetime) -> int:
    """A moment as a cursor."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Fault:
    """What befalls one connection after `after` events: it is `cut`, called `slow`, falls `silent`, or turns `idle`:
    it then says `idles`, which is no event, until the other side leaves.

    `refused` is a status that is answered instead of a stream; `reached` is set once it happens.
    """

    kind: str = "cut"
    after: int = 0
    refused: int = 0
    idles: bytes = b"{}"
    reached: threading.Event = field(default_factory=threading.Event)


@dataclass
class Jetstream:
    """A server: `told` is its archive in the order of witness, `floor` the oldest moment it still has."""

    told: list[tuple[int, Fired]] = field(default_factory=list)
    floor: datetime | None = None
    floor_number: int = 0
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    packs: bool = True
    has_new_path: bool = True
    base: str = ""
    closing: threading.Event = field(default_factory=threading.Event)
    _dictionary: zstandard.ZstdCompressionDict | None = None

    def witness(self, fired: Sequence[Fired], when: Callable[[Fired], datetime]) -> None:
        """Take in what a firehose told, each event at the moment that the story says."""
        self.told += [(microseconds(when(one)), one) for one in fired]
        self.told.sort(key=lambda one: one[0])

    def tick(self, first: datetime, last: datetime, every: timedelta) -> None:
        """The rest of the network goes on: an account event every so often, so that no stream is ever still."""
        moments = [first + n * every for n in range(int((last - first) / every) + 1)]
        self.witness(
            [{"kind": "account", "did": "did:plc:elsewhere", "time": at.isoformat(), "active": True} for at in moments],
            lambda one: datetime.fromisoformat(one["time"]),
        )

    def dictionary(self) -> zstandard.ZstdCompressionDict:
        """The dictionary messages are packed with, trained on the archive."""
        if self._dictionary is None:
            samples = [framed(number, *one, new=True) for number, one in enumerate(self.told)][:2000]
            self._dictionary = zstandard.train_dictionary(16_384, samples)
        return self._dictionary

    # Before the greeting is answered

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The dictionary, or a refusal; None lets the stream begin."""
        self.asked.append(request.path)
        parts = urlsplit(request.path)
        asked = parse_qs(parts.query)
        if parts.path == DICTIONARY:
            return _said(200, self.dictionary().as_bytes()) if self.packs else _error(404, "MethodNotImplemented")
        if self.faults and self.faults[0].refused:
            return _said(self.faults.pop(0).refused, b"<html>busy")
        if parts.path == OLD:
            return None
        if parts.path != NEW or not self.has_new_path:
            return _error(404, "MethodNotImplemented")
        if {"wantedCollections", "wantedDids", "compress", "requireHello"} & asked.keys():
            return _error(400, "InvalidRequest", "use collections, dids, zstdDictionary")
        if asked.get("zstdDictionary", [str(self.dictionary().dict_id())]) != [str(self.dictionary().dict_id())]:
            return _error(400, "UnknownZstdDictionary", f"current dictionary id is {self.dictionary().dict_id()}")
        cursor = int(asked.get("cursor", ["0"])[0])
        if 0 < cursor < min(self._floor_number(), _TIMESTAMPS):
            return _error(400, "CursorTooOld", f"the floor is {self._floor_number()}")
        return None

    # The stream

    def stream(self, connection: ServerConnection) -> None:
        """Tell everything from the cursor on, then wait until the other side leaves."""
        assert connection.request
        parts = urlsplit(connection.request.path)
        asked, new = parse_qs(parts.query), parts.path == NEW
        fault = self.faults.pop(0) if self.faults else None
        packer = None
        if new and "zstdDictionary" in asked:
            packer = zstandard.ZstdCompressor(dict_data=self.dictionary())

        def send(frame: bytes) -> None:
            connection.send(packer.compress(frame) if packer else frame, text=None if packer else True)

        try:
            self._tell(send, asked, new, fault)
            if fault:
                fault.reached.set()
            while fault and fault.kind == "idle":
                send(fault.idles)
            if fault and fault.kind != "silent":
                _break(connection, send, fault, new)
            else:
                connection.recv(timeout=30)
        except (ConnectionClosed, TimeoutError, OSError):
            pass

    def _tell(self, send: Callable[[bytes], None], asked: dict[str, list[str]], new: bool, fault: Fault | None) -> None:
        first = self._start(asked, send, new)
        sent = 0
        for number in range(first, len(self.told)):
            at, fired = self.told[number]
            if not _wanted(fired, asked, new):
                continue
            if fault and sent >= fault.after:
                return
            send(framed(number + 1, at, fired, new=new))
            sent += 1

    def _start(self, asked: dict[str, list[str]], send: Callable[[bytes], None], new: bool) -> int:
        """The first event to tell; below the floor it is moved up, aloud on the new path, silently on the old."""
        cursor = int(asked.get("cursor", [str(10**18)])[0])
        if cursor < _TIMESTAMPS:
            return max(cursor, self._floor_number()) - 1
        first = bisect_left(self.told, cursor, key=lambda one: one[0])
        floor = self._floor_number() - 1
        if first < floor and new:
            payload = {"$type": f"{_NSID}#info", "name": "OutdatedCursor", "message": f"resumed from seq {floor + 1}"}
            send(_packed({"$type": "message", "payload": payload}))
        return max(first, floor)

    def _floor_number(self) -> int:
        if self.floor is None:
            return 1
        return bisect_left(self.told, microseconds(self.floor), key=lambda one: one[0]) + 1


def framed(number: int, at: int, fired: Fired, *, new: bool) -> bytes:
    """One event as a message of the new or the old wire."""
    kind = "commit" if fired["kind"] in _OPERATIONS else fired["kind"]
    inner = {name: value for name, value in fired.items() if name not in ("kind", "did", "time")}
    if kind == "commit":
        inner["operation"] = fired["kind"]
    else:
        inner |= {"did": fired["did"], "seq": number, "time": fired["time"]}
    if not new:
        told = {"did": fired["did"], "time_us": at, "cursor": number, "kind": kind, kind: inner}
        return _packed(told)
    seen = (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    payload = {"$type": f"{_NSID}#{kind}", "seq": number, "did": fired["did"], "time": seen, "witnessedAt": seen}
    return _packed({"$type": "message", "payload": payload | (inner if kind == "commit" else {kind: inner})})


def _wanted(fired: Fired, asked: dict[str, list[str]], new: bool) -> bool:
    kind = "commit" if fired["kind"] in _OPERATIONS else fired["kind"]
    if new and kind not in asked.get("kinds", [kind]):
        return False
    if not new and kind == "sync":  # the old wire never tells it
        return False
    collections = asked.get("collections" if new else "wantedCollections")
    return kind != "commit" or not collections or fired["collection"] in collections


def _break(connection: ServerConnection, send: Callable[[bytes], None], fault: Fault, new: bool) -> None:
    if fault.kind == "slow" and new:
        send(_packed({"$type": "error", "error": "ConsumerTooSlow", "message": "reading below the floor rate"}))
    if fault.kind == "slow":
        connection.close(1008, "ConsumerTooSlow")
    else:
        connection.close_socket()


def _packed(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _said(status: int, body: bytes, kind: str = "application/octet-stream") -> Response:
    headers = Headers({"content-type": kind, "content-length": str(len(body)), "connection": "close"})
    return Response(status, HTTPStatus(status).phrase, headers, body)


def _error(status: int, name: str, message: str = "") -> Response:
    return _said(status, _packed({"error": name, "message": message}), "application/json")


@contextmanager
def serving(jetstream: Jetstream) -> Iterator[Jetstream]:
    """The server on a port of its own, as long as the block runs."""

    def handle(connection: ServerConnection) -> None:
        jetstream.stream(connection)

    options: dict[str, Any] = {"subprotocols": [Subprotocol("xrpc.v1.json")], "compression": None, "close_timeout": 1}
    options |= {"select_subprotocol": lambda connection, offered: offered[0] if offered else None}
    with serve(handle, "127.0.0.1", 0, process_request=jetstream.answer, **options) as server:
        jetstream.base = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield jetstream
        finally:
            server.shutdown()
            thread.join()
