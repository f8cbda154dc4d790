"""A sender in a process of its own, which a test may kill: the real ledger, the real SMTP client, small mails."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

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


if __name__ == "__main__":
    print("ready", flush=True)
    print(deliver(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), flush=True)
