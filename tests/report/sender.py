"""A sender in a process of its own, which a test may kill: the real ledger, the real SMTP client, small mails."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, event

from pipeline import store
from pipeline.report import send
from pipeline.report.relay import Relay

DIGEST = "just-dijon/2026-W47"
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def letters(count: int) -> Iterator[send.Letter]:
    for number in range(count):
        message_id = f"<digest.{number}@example.org>"
        text = f"Message-ID: {message_id}\r\nSubject: {number}\r\n\r\nbonjour\r\n"
        yield send.Letter(DIGEST, number, f"r{number}@example.org", message_id, partial(text.encode, "ascii"))


def deliver(url: str, port: int, count: int, *, now: datetime = NOW, resend: bool = False) -> dict[str, int]:
    relay = Relay("127.0.0.1", port, sender="veille@example.org", tls="none", timeout_s=10)
    return dict(send.deliver(store.connect(url), relay, list(letters(count)), now=lambda: now, resend=resend))


def die_at(point: str, left: int) -> None:
    """Kill this process when it has come so often to a point of its work with the ledger.

    The points are `before claim`, `claim written` (and not committed), `after claim`, and the same of settle.
    """
    at = ""

    def come(to: str) -> None:
        nonlocal at, left
        at, left = to, left - (to == point)
        if to == point and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(name: str) -> None:
        whole = getattr(store, name)

        def watched(*given: Any, **named: Any) -> Any:
            come(f"before {name}")
            answer = whole(*given, **named)
            come(f"after {name}")
            return answer

        setattr(store, name, watched)

    @event.listens_for(Engine, "commit")
    def committing(_: object) -> None:
        if at.startswith("before "):
            come(f"{at.removeprefix('before ')} written")

    watch("claim")
    watch("settle")


if __name__ == "__main__":
    if sys.argv[4:]:
        die_at(sys.argv[4], int(sys.argv[5]))
    print(deliver(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), flush=True)
