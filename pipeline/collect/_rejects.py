"""The reject file: lines that could not be used, kept aside with their number and the reason, for somebody to mend."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from pipeline.collect import Ask

# Enough of a line to see what is wrong with it, and enough lines to mend a file by hand.
_RAW_BYTES = 8_000
_RAW_LINES = 10_000

Refuse = Callable[[int, str, bytes | str], None]


@contextmanager
def refusing(ask: Ask) -> Iterator[Refuse]:
    """A function (line number, reason, raw line) that counts a refused line and writes it to `reject_path` if given.

    The file is made at the first refusal, readable by its owner only since it holds what people wrote: one
    tab-separated row a line, the raw text as a JSON string.
    """
    path = ask.settings.get("reject_path")
    with ExitStack() as open_files:
        files: list[TextIO] = []
        if path:
            Path(path).unlink(missing_ok=True)  # of an earlier reading of the same file

        def refuse(line: int, reason: str, raw: bytes | str) -> None:
            ask.skip(reason)
            if not path:
                return
            if not files:
                files.append(open_files.enter_context(_private(path)))
                files[0].write("line\treason\traw\n")
            shown = raw[:_RAW_BYTES] if ask.skipped <= _RAW_LINES else ""
            if isinstance(shown, bytes):
                shown = shown.decode("utf-8", "backslashreplace")
            files[0].write(f"{line}\t{reason}\t{json.dumps(shown)}\n")

        yield refuse


def _private(path: str) -> TextIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii")  # noqa: PTH123
