"""Puts a rendered digest into one person's envelope: headers, three parts, and the same bytes at every attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import blake2b
from html import escape

from pipeline.errors import ConfigError
from pipeline.report.render import UNSUBSCRIBE, Rendered
from pipeline.report.text import line


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom and in whose name. `recipient_key` stands for the address wherever it may be read by others.

    Raises ConfigError, when it is made, for an address that cannot stand in a header.
    """

    to: str
    recipient_key: int
    sender: str
    sender_name: str
    token: str
    unsubscribe_url: str | None = None

    def __post_init__(self) -> None:
        _domain(self.sender)
        for address in (self.to, self.sender):
            try:
                Address(addr_spec=address)
            except (ValueError, IndexError, HeaderParseError) as error:
                # The address stays out of the message: errors are logged.
                raise ConfigError("an address of the digest cannot be written in a mail header") from error


def message_id(digest_id: str, envelope: Envelope) -> str:
    """`<digest.just-dijon.2026-W47.0123456789abcdef@example.org>`: known before the mail is sent, for ever the same."""
    name = digest_id.replace("/", ".")
    return f"<digest.{name}.{envelope.recipient_key:016x}@{_domain(envelope.sender)}>"


def message(rendered: Rendered, digest_id: str, sent_at: datetime, envelope: Envelope) -> EmailMessage:
    """The whole mail: text, HTML and inline picture, with List-Unsubscribe as RFC 8058 wants it."""
    link = _unsubscribe(envelope)
    mail = EmailMessage(policy=SMTP)
    _head(mail, rendered, digest_id, sent_at, envelope)
    mail.set_content(rendered.text.replace(UNSUBSCRIBE, link), cte="quoted-printable")
    mail.add_alternative(rendered.html.replace(UNSUBSCRIBE, escape(link)), subtype="html", cte="quoted-printable")
    if rendered.png is not None:
        html = mail.get_payload(1)
        if not isinstance(html, EmailMessage):
            raise TypeError("the second part is the HTML")
        name = f"{rendered.cid.split('@', 1)[0]}.png"
        html.add_related(rendered.png, "image", "png", cid=f"<{rendered.cid}>", disposition="inline", filename=name)
    # After the parts: what begins with Content- moves into the first of them when a second is added.
    mail["Content-Language"] = rendered.language
    _fix_boundaries(mail, digest_id)
    return mail


def as_bytes(mail: EmailMessage) -> bytes:
    """The mail as it goes over the wire, lines ended by CR LF."""
    return mail.as_bytes(policy=SMTP)


def _head(mail: EmailMessage, rendered: Rendered, digest_id: str, sent_at: datetime, envelope: Envelope) -> None:
    domain, brand = _domain(envelope.sender), digest_id.split("/", 1)[0]
    mail["From"] = Address(line(envelope.sender_name, 60), addr_spec=envelope.sender)
    mail["To"] = Address(addr_spec=envelope.to)
    mail["Subject"] = rendered.subject
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id(digest_id, envelope)
    mail["List-Id"] = f"<{brand}.digest.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    by_mail = f"<mailto:{envelope.sender}?subject=unsubscribe%20{envelope.token}>"
    if envelope.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{_unsubscribe(envelope)}>, {by_mail}"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        mail["List-Unsubscribe"] = by_mail


def _unsubscribe(envelope: Envelope) -> str:
    if envelope.unsubscribe_url:
        return f"{envelope.unsubscribe_url.rstrip('/')}/{envelope.token}"
    return f"mailto:{envelope.sender}?subject=unsubscribe%20{envelope.token}"


def _domain(sender: str) -> str:
    """The sender's domain, which its owner may sign for."""
    domain = sender.rpartition("@")[2].lower()
    if not domain or not set(domain) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-"):
        raise ConfigError("RAYONNER_SMTP_FROM is not an address: write it as veille@example.org")
    return domain


def _fix_boundaries(mail: EmailMessage, digest_id: str) -> None:
    """Boundaries are drawn at random otherwise, and no two builds of one mail would be equal."""
    for place, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        # A digest of the digest: nothing that a post holds can be made to equal it by chance.
        part.set_boundary(f"={blake2b(f'{digest_id}:{place}'.encode(), digest_size=12).hexdigest()}=")
