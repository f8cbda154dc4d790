"""What digests and alerts share: whose they are, the envelopes, the files of a dry run, and the hand-over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import brands as brand_files
from pipeline import store
from pipeline.errors import ConfigError
from pipeline.model import Brand, Subscriber
from pipeline.settings import Settings

# The mail room is loaded when a mail is made: its libraries are an extra, and other commands start faster.
if TYPE_CHECKING:
    from pipeline.report.mail import Envelope
    from pipeline.report.relay import Relay
    from pipeline.report.render import Rendered
    from pipeline.report.send import Letter


@dataclass(frozen=True, slots=True)
class Mailing:
    """One mail for many readers: its name in the ledger, its Date, and how it is drawn in a language."""

    id: str
    name: str
    sent_at: datetime
    draw: Callable[[str], Rendered]


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one mail in one language; `picture` is None where no browser is installed."""

    mail: Path
    html: Path
    picture: Path | None


def brands(settings: Settings, catalogue: str, slug: str | None) -> Sequence[Brand]:
    """The brands of the catalogue, or the one named. Raises ConfigError for a name that no file has."""
    known = brand_files.catalogue(catalogue, settings.brands)
    chosen = [brand for brand in known if slug in (None, brand.slug)]
    if slug and not chosen:
        raise ConfigError(f"no brand is called {slug!r}; `rayonner brands list` names them")
    return chosen


def published(settings: Settings) -> Path:
    """The published file. Raises ConfigError with the cure when there is none yet."""
    path = settings.published / "rayonner.duckdb"
    if not path.exists():
        raise ConfigError(f"nothing is published in {settings.published} yet; run: rayonner run")
    return path


def once(readers: Sequence[Subscriber]) -> list[Subscriber]:
    """The readers, each address once, as it is written first."""
    return list({s.email.casefold(): s for s in reversed(readers)}.values())[::-1]


def letters(settings: Settings, brand: Brand, readers: Sequence[Subscriber], mailing: Mailing) -> Iterator[Letter]:
    """One letter a reader; the mail is drawn once a language, and put in envelopes as they leave."""
    from pipeline.report import mail, send, token

    sender = settings.relay.sender if settings.relay else ""
    drawn = dict[str, "Rendered"]()
    for reader in readers:
        if reader.language not in drawn:
            drawn[reader.language] = mailing.draw(reader.language)
        key = store.recipient_key(settings.author_key, reader.email)
        wish = token.token(settings.author_key, token.Wish(brand.slug, key))
        envelope = mail.Envelope(reader.email, key, sender, brand.name, wish, settings.unsubscribe_url)
        wire = partial(_wire, drawn[reader.language], mailing, envelope)
        yield send.Letter(mailing.id, key, reader.email, mail.message_id(mailing.id, envelope), wire)


def send(
    settings: Settings, letters: Sequence[Letter], *, now: Callable[[], datetime], resend: bool = False
) -> Counter[str]:
    """Hand the letters over, each once; how many were sent, already, deferred, refused, doubt, unsubscribed.

    Raises ConfigError without a mail server.
    """
    from pipeline.report import send as post

    server = relay(settings)
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return post.deliver(engine, server, letters, now=now, resend=resend or settings.resend_doubts)


def write(settings: Settings, mailing: Mailing, folder: Path, language: str) -> Written:
    """Write the mail as .eml, its HTML with the picture inside, and a screenshot; nobody's address is in them."""
    from pipeline.report import mail, shot

    rendered = mailing.draw(language)
    sender = settings.relay.sender if settings.relay else "veille@localhost"
    nobody = mail.Envelope(sender, 0, sender, mailing.name, "specimen", settings.unsubscribe_url)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{mailing.id.replace('/', '-')}.{rendered.language}"
    written, html = folder / f"{stem}.eml", folder / f"{stem}.html"
    written.write_bytes(mail.as_bytes(mail.message(rendered, mailing.id, mailing.sent_at, nobody)))
    html.write_text(shot.standalone(rendered), "utf8")
    picture = folder / f"{stem}.png"
    return Written(written, html, picture if shot.shoot(html, picture) else None)


def relay(settings: Settings) -> Relay:
    """The mail server; asked for first, so that nothing is drawn in vain. Raises ConfigError when none is named."""
    if settings.relay is None:
        raise ConfigError("no mail server is named: set RAYONNER_SMTP_HOST, or write the mails with --out")
    return settings.relay


def _wire(rendered: Rendered, mailing: Mailing, envelope: Envelope) -> bytes:
    from pipeline.report import mail

    return mail.as_bytes(mail.message(rendered, mailing.id, mailing.sent_at, envelope))
