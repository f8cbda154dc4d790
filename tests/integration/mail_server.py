"""A real mail server on loopback for as long as a test needs it: STARTTLS, a login, and mailboxes read over IMAP."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

USER, PASSWORD = "veille@example.org", "word-of-this-test"

# A reader of each kind, for the busy brand of the made-up weeks.
BRAND = """
[identity]
name = "Le Territoire Animé"
territory = "Animé"
level = "commune"
insee = "21231"

[words]
places = ["Animé"]

[[subscriber]]
email = "equipe@example.org"

[[subscriber]]
email = "team@example.org"
language = "en"

[[subscriber]]
email = "mensuel@example.org"
frequency = "monthly"

[[subscriber]]
email = "alerte@example.org"
frequency = "alerts"
"""


@dataclass(frozen=True)
class Server:
    """Its ports on loopback, and the authority that signed its certificate."""

    smtp: int
    smtps: int
    imap: int
    ca: Path


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """mail-devel with its own authority: every address of example.org has a mailbox."""
    subprocess.run([sys.executable, "-m", "trustme", "-q", "-d", folder, "-i", "localhost", "127.0.0.1"], check=True)
    smtp, smtps, imap = _ports(3)
    command = [
        str(Path(sys.executable).with_name("mail_devel")), "--host", "127.0.0.1", "--smtp-port", str(smtp),
        "--smtps-port", str(smtps), "--imap-port", str(imap), "--no-http", "--multi-user", "--user", USER,
        "--password", PASSWORD, "--auth-required", "--auth-require-tls", "--starttls-required",
        "--cert", str(folder / "server.pem"), "--key", str(folder / "server.key"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _wait(process, smtp, imap)
        yield Server(smtp, smtps, imap, folder / "client.pem")
        process.terminate()


def _ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def _wait(process: subprocess.Popen[bytes], *ports: int) -> None:
    """Until the server listens: it says so nowhere, so it is asked."""
    until = time.monotonic() + 60
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    pytest.fail("the mail server did not start")
                time.sleep(0.05)


def environment(server: Server, home: Path) -> dict[str, str]:
    """What Rayonner is told to send by it."""
    return {
        "RAYONNER_HOME": str(home),
        "RAYONNER_BRANDS": str(home / "brands"),
        "RAYONNER_AUTHOR_KEY": "ab" * 32,
        "RAYONNER_SMTP_HOST": "localhost",
        "RAYONNER_SMTP_PORT": str(server.smtp),
        "RAYONNER_SMTP_USER": USER,
        "RAYONNER_SMTP_PASSWORD": PASSWORD,
        "RAYONNER_SMTP_FROM": "veille@example.org",
        "RAYONNER_SMTP_CA": str(server.ca),
        "RAYONNER_PAGE_URL": "https://veille.example.org/index.html",
        "RAYONNER_UNSUBSCRIBE_URL": "https://veille.example.org/sortir",
    }


def inbox(server: Server, user: str) -> list[EmailMessage]:
    """The mails that `user` finds, read over IMAP."""
    with imaplib.IMAP4("127.0.0.1", server.imap, timeout=10) as imap:
        imap.login(user, PASSWORD)
        imap.select("INBOX", readonly=True)
        numbers = imap.search(None, "ALL")[1][0].split()
        raw = [imap.fetch(number, "(RFC822)")[1][0][1] for number in numbers]  # type: ignore[index]
    return [message_from_bytes(one, policy=default) for one in raw]  # type: ignore[arg-type, misc]
