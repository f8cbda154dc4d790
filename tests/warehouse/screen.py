"""A terminal for programs that draw on one: what they draw is read, what a person would type is written."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CONTROL_J, CONTROL_Q = "\x0a", "\x11"
ROWS, COLUMNS = 40, 150
_ESCAPE = re.compile(r"\x1b\[[0-9;?<>=]*[A-Za-z]")


@dataclass
class Screen:
    """A running program and the terminal that it believes to be on."""

    terminal: int
    process: subprocess.Popen[bytes]
    drawn: str = ""

    def until(self, words: str, seconds: float = 60) -> None:
        """Wait until `words` are drawn, in one line of what was drawn since they were last waited for."""
        end = time.monotonic() + seconds
        while words not in _ESCAPE.sub("", self.drawn):
            assert time.monotonic() < end, f"{words!r} was not drawn; last: {_ESCAPE.sub('', self.drawn)[-2000:]}"
            self._read()

    def keys(self, text: str) -> None:
        """Type; what was drawn before counts no more."""
        self.drawn = ""
        os.write(self.terminal, text.encode())
        self._read()

    def ends(self, seconds: float = 30) -> int:
        """The exit status, once the program has ended by itself."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self._read()
        return self.process.wait(timeout=1)

    def _read(self) -> None:
        if select.select([self.terminal], [], [], 0.2)[0]:
            try:
                self.drawn += os.read(self.terminal, 65536).decode("utf-8", "replace")
            except OSError:  # Linux says so when the program has left its terminal
                time.sleep(0.05)


@contextmanager
def running(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Iterator[Screen]:
    """Run a program on a terminal of its own; it is gone afterwards."""
    terminal, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        # `env` looks the program up on the PATH that it is given, Popen on ours.
        ["env", *command],
        cwd=folder,
        env=env,
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
    )
    os.close(other)
    try:
        yield Screen(terminal, process)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
