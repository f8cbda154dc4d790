"""Where digests leave from: the mail server's address and what is asked of it. Loads nothing of the mail room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Tls = Literal["starttls", "tls", "none"]
Doubt = Literal["hold", "resend"]


@dataclass(frozen=True, slots=True)
class Relay:
    """One mail server. `sender` is the From address; `ca` a file of certificates to trust instead of the system's.

    `tls` is `starttls` (asked for and required), `tls` (from the first byte), or `none`, for a server on this machine
    alone. The certificate is always checked.
    """

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    tls: Tls = "starttls"
    ca: str | None = None
    timeout_s: float = 120.0
