"""A stretch of Bluesky's network as Jetstream tells it: dialled, read, taken up again after a break, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.collect import Ask
from pipeline.collect._http import Client
from pipeline.collect._jetstream_dial import Line, RefusedError, Server, dial
from pipeline.collect._jetstream_frames import Event, Notice, microseconds, read, wanted
from pipeline.errors import MalformedError, RetriableError, SchemaError, UnavailableError

# A network in which nothing is posted for so long is a network whose server has lost what came before.
_QUIET = 600_000_000  # microseconds: ten minutes
# Each server has its own clock: on another one we begin a little earlier.
_OVERLAP = 10_000_000
_CHUNK = 512  # messages
# Messages that do not lead on in time, one after the other, and their bytes, before a stream is called stuck: 20,000
# usual ones weigh 12 MB.
_MOST_STILL, _MOST_STILL_BYTES = 20_000, 32 << 20


def events(client: Client, servers: list[Server], since: datetime, until: datetime, ask: Ask) -> Iterator[Event]:
    """What the network did from `since` until its stream passes `until`, at least once each, in order.

    New posts in which nothing is plausible are left out. What the server no longer has is counted as a hint
    (`look_back`, `stream_gap`) and makes `ask.truncated`; messages that cannot be read are counted and passed over. A
    stream that breaks is taken up where it was, as patience allows; where one server fails the next is asked. Raises
    the last server's error once all have failed.
    """
    walk = _Walk(client, ask, microseconds(since), microseconds(until))
    for number, server in enumerate(servers):
        try:
            yield from walk.along(server)
            return
        except RetriableError:
            if number + 1 == len(servers):
                raise
            ask.hint("server_changed")
            walk.step_back()


@dataclass(slots=True)
class _Walk:
    """How far a stretch was walked: `at` is the last moment that was witnessed, in microseconds."""

    client: Client
    ask: Ask
    at: int
    until: int
    over: bool = False
    _line: Line | None = None
    _unsure: bool = True  # whether what comes next may begin later than what was asked for

    def along(self, server: Server) -> Iterator[Event]:
        """Every event that one server tells, until the stretch is over. Raises what makes it give up."""
        try:
            while not self.over and self.at < self.until:
                frames = self.client.patience.persist(server.host, lambda: self._chunk(server))
                yield from self._read(frames)
        finally:
            self._hang_up()

    def step_back(self) -> None:
        """Begin a little earlier, for another server."""
        self.at -= _OVERLAP

    def _chunk(self, server: Server) -> list[bytes]:
        """Some messages that lead on in time, `over` when the server has none. The line is dialled where none is."""
        line = self._line = self._line or self._dial(server)
        frames: list[bytes] = []
        held = 0
        while line and len(frames) < _MOST_STILL and held < _MOST_STILL_BYTES and self.client.patience.left_s > 0:
            got = line.take(_CHUNK)
            frames += got
            held += sum(map(len, got))
            if self._leads_on(got, frames):
                return frames
            if line.closed:
                self._hang_up()
                raise UnavailableError(f"bluesky: {server.host} {line.ended}", source="bluesky")
        self._hang_up()
        if line:
            raise UnavailableError(f"bluesky: the stream of {server.host} does not lead on", source="bluesky")
        self.over = True
        return frames

    def _leads_on(self, got: list[bytes], frames: list[bytes]) -> bool:
        """Move to the last moment the messages just got tell of; False when that is no later than what was known."""
        told = (_at(frame) for frame in reversed(got))
        last = next((at for at in told if at is not None), None)
        if last is None or last <= self.at:
            return False
        if self._unsure:
            first = next(at for at in map(_at, frames) if at is not None)
            self._unsure = False
            if first - self.at > _QUIET:
                self.ask.truncated = True
                self.ask.hint("stream_gap")
        self.at = last
        return True

    def _read(self, frames: list[bytes]) -> Iterator[Event]:
        for frame in frames:
            if not wanted(frame, self.ask.plausible):
                continue
            try:
                told = read(frame)
            except MalformedError as error:
                self.ask.skip(error.reason)
                continue
            if isinstance(told, Notice):
                self._heed(told)
            elif told.at < self.until:
                yield told

    def _heed(self, notice: Notice) -> None:
        if notice.fatal:
            self.ask.hint("slow_reader" if notice.name == "ConsumerTooSlow" else "stream_ended")
            self._hang_up()
        elif notice.name == "OutdatedCursor":
            self.ask.truncated = True
            self.ask.hint("look_back")
        else:
            self.ask.hint("stream_notice")

    def _dial(self, server: Server) -> Line | None:
        """A line from where the walk stands, None when the server cannot go on from there at all."""
        self._unsure = True
        cursor = self.at
        for _ in range(4):  # each answer below may come once
            try:
                return dial(self.client, server, cursor, self.ask)
            except RefusedError as refused:
                if refused.name == "CursorTooOld" and cursor == self.at:
                    self.ask.truncated = True
                    self.ask.hint("look_back")
                    floor = re.findall(r"\d+", refused.told)
                    if not floor:
                        return None
                    cursor = max(map(int, floor))
                elif refused.name == "UnknownZstdDictionary" and server.dictionary:
                    server.dictionary = None
                elif refused.name in ("404", "MethodNotImplemented") and not server.old:
                    server.old = True
                    self.ask.hint("old_path")
                else:
                    told = f"bluesky: {server.host} does not take the question ({refused.name})"
                    raise SchemaError(told, source="bluesky") from None
        return None

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


def _at(frame: bytes) -> int | None:
    """When the event of a message was witnessed, None for what is no event."""
    try:
        told = read(frame)
    except MalformedError:
        return None
    return told.at if isinstance(told, Event) else None
