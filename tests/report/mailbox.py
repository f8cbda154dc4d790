"""A mail server that does as it is told: each recipient is treated by a plan, and what arrives is kept."""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """What arrived; `plan` says how a recipient is treated, `strike` is called at each step."""

    def __init__(self) -> None:
        self.held: Counter[str] = Counter()  # by Message-ID
        self.mails: list[bytes] = []
        self.plan: dict[str, str] = {}
        self.strike: Callable[[], None] = lambda: None

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.strike()
        if "mail" in self.plan:
            return self.plan["mail"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.strike()
        match self.plan.get(address):
            case "451 rcpt":
                return "451 try later, says <secret@example.org>"
            case "550 rcpt":
                return "550 nobody here"
            case "lost rcpt" if server.transport:
                self.plan.pop(address)
                server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        plan = self.plan.get(envelope.rcpt_tos[0], "")
        if plan.endswith(" data"):
            return f"{plan.split()[0]} no"
        found = re.search(rb"^Message-ID: (\S+)", bytes(envelope.content or b""), re.MULTILINE)
        assert found
        self.held[found[1].decode()] += 1
        self.mails.append(bytes(envelope.content or b""))
        if plan == "lost after" and server.transport:
            server.transport.abort()
        self.strike()
        return "250 taken"


def free_port() -> int:
    """A port of loopback that nobody holds at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
