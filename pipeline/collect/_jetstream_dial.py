"""One line to one Jetstream server: its address, the question, the packing, and the messages as they come."""

from __future__ import annotations

import logging
import socket
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import msgspec
import zstandard
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from pipeline.collect import Ask, _hosts
from pipeline.collect._answer import Answer, failure
from pipeline.collect._http import Client, user_agent
from pipeline.collect._jetstream_frames import POSTS
from pipeline.collect._json import dig
from pipeline.collect._refusal import refusal
from pipeline.errors import PipelineError, UnavailableError

logging.getLogger("websockets").setLevel(logging.WARNING)  # at DEBUG it writes what people wrote

SOURCE = "bluesky"
NEW = "/xrpc/network.bsky.jetstream.subscribeEvents"
OLD = "/subscribe"
_DICTIONARY = "/xrpc/network.bsky.jetstream.getZstdDictionary"

# A record of the network is 1 MB at most, six times that where JSON escapes each byte of it.
_MOST_FRAME = 8 << 20
_MOST_TAKEN = 8 << 20  # bytes at which no more messages are waited for

# Deletions of accounts and repairs travel beside the posts; renamings are not ours to know.
_NEW_KINDS = ("commit", "account", "sync")


@dataclass(slots=True)
class Server:
    """One server during one night: `old` where it is asked by its old path, `dictionary` once that was fetched."""

    base: str
    old: bool = False
    packed: bool = True
    dictionary: zstandard.ZstdCompressionDict | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Its name, with the port where it has one."""
        return urlsplit(self.base).netloc.rpartition("@")[2]

    def address(self, cursor: int) -> str:
        """Where to dial for all posts from a cursor on: microseconds, or the number of an event below 1e15."""
        told: list[tuple[str, str]] = [("cursor", str(cursor))]
        if self.old:
            told += [("wantedCollections", POSTS)]
        else:
            told += [("collections", POSTS), *(("kinds", kind) for kind in _NEW_KINDS)]
            if self.dictionary:
                told += [("zstdDictionary", str(self.dictionary.dict_id()))]
        scheme = self.base.replace("http", "ws", 1)
        return f"{scheme}{OLD if self.old else NEW}?{urlencode(told)}"


class RefusedError(Exception):
    """The server does not take the question: `name` is its word for it, `told` what it adds."""

    def __init__(self, name: str, told: str) -> None:
        super().__init__(name)
        self.name = name
        self.told = told


class Line:
    """An open connection. `closed` once nothing more can come; `ended` says why, without secrets."""

    def __init__(self, connection: ClientConnection, timeout_s: float, most_bytes: int, server: Server) -> None:
        self.closed = False
        self.ended = ""
        self._connection = connection
        self._timeout_s = timeout_s
        self._most_bytes = most_bytes
        self._packed = zstandard.ZstdDecompressor(dict_data=server.dictionary) if server.dictionary else None

    def take(self, most: int) -> list[bytes]:
        """The messages that are there, at most so many or _MOST_TAKEN bytes; the first is waited for."""
        frames: list[bytes] = []
        try:
            frames.append(self._next(self._timeout_s))
            held = len(frames[0])
            while len(frames) < most and held < _MOST_TAKEN:
                frames.append(self._next(0))
                held += len(frames[-1])
        except TimeoutError:
            if not frames:
                self._end("is silent")
        except ConnectionClosed as error:
            self._end(f"hung up ({error.rcvd.code if error.rcvd else 'cut'})")
        return frames

    def close(self) -> None:
        """Hang up."""
        self._end("was left")
        self._connection.close()

    def _next(self, timeout_s: float) -> bytes:
        frame = self._connection.recv(timeout=timeout_s, decode=False)
        return self._unpacked(frame) if self._packed else frame

    def _unpacked(self, frame: bytes) -> bytes:
        """One message out of its packing; one that cannot be unpacked stays as it is, and is counted as no JSON."""
        assert self._packed is not None
        try:
            if zstandard.frame_content_size(frame) > self._most_bytes:
                return b""
            return self._packed.decompress(frame, max_output_size=self._most_bytes)
        except zstandard.ZstdError:
            return frame

    def _end(self, why: str) -> None:
        self.closed = True
        self.ended = self.ended or why


def dial(client: Client, server: Server, cursor: int, ask: Ask) -> Line:
    """A line that tells all posts from the cursor on.

    Raises RefusedError for a question the server does not take, UnavailableError for whatever fails on the way, and
    what `_answer.failure` makes of other statuses.
    """
    if server.packed and not server.old and server.dictionary is None:
        _fetch_dictionary(client, server)
    if ask.asked >= client.patience.policy.most_requests:
        ask.truncated = True
        raise UnavailableError(f"{SOURCE}: the requests of this night are used up", source=SOURCE)
    ask.asked += 1
    most_bytes = min(client.patience.policy.most_bytes, _MOST_FRAME)
    try:
        connection = _connect(server, cursor, ask, most_bytes)
    except InvalidStatus as error:
        raise _refused(client, server, error) from None
    except (OSError, EOFError, WebSocketException) as error:
        raise UnavailableError(f"{SOURCE}: {type(error).__name__} at {server.host}", source=SOURCE) from None
    except ValueError:
        raise refusal("redirect_refused") from None
    return Line(connection, ask.timeout_s, most_bytes, server)


def _connect(server: Server, cursor: int, ask: Ask, most_bytes: int) -> ClientConnection:
    """The connection. On our own socket unless there is a proxy: who answers is looked at, redirects lead nowhere."""
    parts, own = urlsplit(server.base), None
    # The operator chose this address, so it may lie on this machine; a public name may not lead there.
    near = _hosts.is_near(parts.hostname or "")
    if near or not urllib.request.getproxies():
        port = parts.port or (443 if parts.scheme == "https" else 80)
        own = socket.create_connection((parts.hostname or "", port), ask.timeout_s)
        if not near and _hosts.is_near(str(own.getpeername()[0])):
            own.close()
            raise refusal("near_address")
    line = connect(
        server.address(cursor),
        sock=own,
        user_agent_header=user_agent(ask),
        subprotocols=None if server.old else [Subprotocol("xrpc.v1.json")],
        compression="deflate" if server.old else None,  # the new path never packs in this way
        open_timeout=ask.timeout_s,
        close_timeout=1,
        max_size=most_bytes,
    )
    return line.__enter__()  # the library's way to say that somebody will close it: Line.close does


def _refused(client: Client, server: Server, error: InvalidStatus) -> Exception:
    """What a status other than 101 means: the server's own word for a 400 or 404, else as of any answer."""
    response = error.response
    headers = {name.lower(): value for name, value in response.headers.raw_items()}
    answer = Answer(server.base, response.status_code, headers, bytes(response.body or b""))
    if answer.status in (400, 404):
        try:
            said = msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            said = None
        return RefusedError(str(dig(said, "error") or answer.status)[:64], str(dig(said, "message"))[:500])
    odd = UnavailableError(f"{SOURCE}: {answer.status} instead of a stream at {server.host}", source=SOURCE)
    return failure(answer, SOURCE, {}, client.now) or odd


def _fetch_dictionary(client: Client, server: Server) -> None:
    """The dictionary that the server packs its messages with; without it they come plain."""
    server.packed = False
    try:
        blob = client.get(server.base + _DICTIONARY, expect="text").body
        found = zstandard.ZstdCompressionDict(blob, dict_type=zstandard.DICT_TYPE_FULLDICT)
        server.dictionary = found if found.dict_id() else None
    except (PipelineError, zstandard.ZstdError, ValueError):
        server.dictionary = None
