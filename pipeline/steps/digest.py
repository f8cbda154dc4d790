"""Monday morning: read the week, write one mail a brand and language, hand each subscriber theirs, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import brands as brand_files
from pipeline import store
from pipeline.errors import ConfigError
from pipeline.model import Brand, Subscriber, night_of
from pipeline.settings import Settings

# The mail room is loaded when a digest is made: its libraries are an extra, and other commands start faster.
if TYPE_CHECKING:
    from pipeline.report.digest import Digest
    from pipeline.report.mail import Envelope
    from pipeline.report.render import Rendered
    from pipeline.report.send import Letter


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one digest in one language; `picture` is None where no browser is installed."""

    mail: Path
    html: Path
    picture: Path | None


def last_week(moment: datetime) -> date:
    """The Monday of the last ISO week that is over in Paris at `moment`."""
    today = night_of(moment)
    return today - timedelta(days=today.weekday() + 7)


def read_digest(settings: Settings, slug: str, week: date, *, catalogue: str = "brands") -> Digest:
    """One brand's digest of the week (its Monday). Raises ConfigError for a brand that no file names."""
    (brand,) = _brands(settings, catalogue, slug)
    return _read(settings, brand, week)


def render_digest(settings: Settings, digest: Digest, language: str = "fr") -> Rendered:
    """The subject, texts and picture of a digest."""
    try:
        from pipeline.report import render
    except ModuleNotFoundError as missing:
        raise ConfigError(f"{missing.name} is not installed: pip install 'rayonner[digest]'") from missing
    return render.render(digest, language, page=settings.page_url)


def write_digest(settings: Settings, digest: Digest, folder: Path, language: str = "fr") -> Written:
    """Write the mail as .eml, its HTML with the picture inside, and a screenshot; nobody's address is in them."""
    from pipeline.report import mail, shot

    rendered = render_digest(settings, digest, language)
    sender = settings.relay.sender if settings.relay else "veille@localhost"
    nobody = mail.Envelope(sender, 0, sender, digest.name, "specimen", settings.unsubscribe_url)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{digest.id.replace('/', '-')}.{rendered.language}"
    written, html = folder / f"{stem}.eml", folder / f"{stem}.html"
    written.write_bytes(mail.as_bytes(mail.message(rendered, digest.id, digest.sent_at, nobody)))
    html.write_text(shot.standalone(rendered), "utf8")
    picture = folder / f"{stem}.png"
    return Written(written, html, picture if shot.shoot(html, picture) else None)


def send_digests(
    settings: Settings,
    week: date,
    *,
    now: Callable[[], datetime],
    slug: str | None = None,
    resend: bool = False,
    catalogue: str = "brands",
) -> Counter[str]:
    """Send the week's digests to everyone due one, and tell how many were sent, already, deferred, refused, doubt...

    Safe to repeat: what was sent stays sent. `resend` (or RAYONNER_DIGEST_DOUBT=resend) repeats what is in doubt.
    Raises ConfigError without a mail server, RetriableError while the week is not published.
    """
    from pipeline.report import send

    if settings.relay is None:
        raise ConfigError("no mail server is named: set RAYONNER_SMTP_HOST, or write the digests with --out")
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    due = [brand for brand in _brands(settings, catalogue, slug) if _readers(brand, week)]
    letters = [letter for brand in due for letter in _letters(settings, brand, week)]
    return send.deliver(engine, settings.relay, letters, now=now, resend=resend or settings.resend_doubts)


def unsubscribe(settings: Settings, text: str, *, now: datetime) -> bool:
    """Do what an unsubscribe token asks; False when it was done before. Raises ConfigError for a wrong token."""
    from pipeline.report import unsubscribe as door

    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return door.unsubscribe(engine, settings.author_key, text, now=now)


def _brands(settings: Settings, catalogue: str, slug: str | None) -> Sequence[Brand]:
    known = brand_files.catalogue(catalogue, settings.brands)
    chosen = [brand for brand in known if slug in (None, brand.slug)]
    if slug and not chosen:
        raise ConfigError(f"no brand is called {slug!r}; `rayonner brands list` names them")
    return chosen


def _readers(brand: Brand, week: date) -> list[Subscriber]:
    """Who is due this week's digest, each address once; monthly readers get the first Monday's of the month."""
    first_monday = (week + timedelta(days=7)).day <= 7
    due = [s for s in brand.subscribers if s.frequency == "weekly" or (s.frequency == "monthly" and first_monday)]
    return list({s.email.casefold(): s for s in reversed(due)}.values())[::-1]


def _read(settings: Settings, brand: Brand, week: date) -> Digest:
    from pipeline.report import reading

    published = settings.published / "rayonner.duckdb"
    if not published.exists():
        raise ConfigError(f"nothing is published in {settings.published} yet; run: rayonner run")
    return reading.read(published, brand, week)


def _letters(settings: Settings, brand: Brand, week: date) -> Iterator[Letter]:
    """One letter a reader; the digest is read once, drawn once a language, and put in envelopes as they leave."""
    from pipeline.report import mail, send, token

    sender = settings.relay.sender if settings.relay else ""
    digest, drawn = _read(settings, brand, week), dict[str, "Rendered"]()
    for reader in _readers(brand, week):
        if reader.language not in drawn:
            drawn[reader.language] = render_digest(settings, digest, reader.language)
        key = store.recipient_key(settings.author_key, reader.email)
        wish = token.token(settings.author_key, token.Wish(brand.slug, key))
        envelope = mail.Envelope(reader.email, key, sender, brand.name, wish, settings.unsubscribe_url)
        wire = partial(_wire, drawn[reader.language], digest, envelope)
        yield send.Letter(digest.id, key, reader.email, mail.message_id(digest.id, envelope), wire)


def _wire(rendered: Rendered, digest: Digest, envelope: Envelope) -> bytes:
    from pipeline.report import mail

    return mail.as_bytes(mail.message(rendered, digest.id, digest.sent_at, envelope))
