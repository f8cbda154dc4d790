"""What digests and alerts share: whose they are, the envelopes, the files of a dry run, and the hand-over."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import brands as brand_files
from pipeline import store
from pipeline.errors import ConfigError, FatalError, PipelineError, RetriableError
from pipeline.model import Brand, Subscriber
from pipeline.settings import Settings

# The mail room is loaded when a mail is made: its libraries are an extra, and other commands start faster.
if TYPE_CHECKING:
    from pipeline.report.mail import Envelope
    from pipeline.report.relay import Relay
    from pipeline.report.render import Rendered
    from pipeline.report.send import Letter

log = logging.getLogger(__name__)


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
    settings: Settings,
    brands: Sequence[Brand],
    letters_of: Callable[[Brand], Iterable[Letter]],
    *,
    now: Callable[[], datetime],
    resend: bool = False,
) -> Counter[str]:
    """Hand over the letters of each brand, each once; how many were sent, already, deferred, refused, doubt...

    A brand whose letters cannot be made keeps nobody else's: the others leave first, then it is raised by name.
    Raises ConfigError without a mail server.
    """
    from pipeline.report import send as post

    server = relay(settings)
    ready, failed = _made(brands, letters_of)
    if failed and not ready:
        raise _untold(failed, Counter())
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    done = post.deliver(engine, server, ready, now=now, resend=resend or settings.resend_doubts)
    if failed:
        raise _untold(failed, done)
    return done


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


def _made(
    brands: Sequence[Brand], letters_of: Callable[[Brand], Iterable[Letter]]
) -> tuple[list[Letter], dict[str, Exception]]:
    """The letters of all brands, and what went wrong with those that have none for it."""
    ready, failed = list["Letter"](), dict[str, Exception]()
    for brand in brands:
        try:
            ready.extend(letters_of(brand))  # those made before one that cannot be stay
        except PipelineError as error:
            failed[brand.slug] = error
        except Exception as error:
            # A bug that one brand's week brings out: its trace is for us, and no reason to keep the others waiting.
            log.exception("the mail of %s cannot be made", brand.slug)
            failed[brand.slug] = error
    return ready, failed


def _untold(failed: dict[str, Exception], done: Counter[str]) -> PipelineError:
    """The error that names each brand without a mail; worth another try when one of them, or a mail deferred, is."""
    again = done["deferred"] or not all(isinstance(error, FatalError) for error in failed.values())
    # What meets every brand alike (a week not yet published) is said once.
    whose: dict[str, list[str]] = {}
    for slug, error in failed.items():
        what = str(error) if isinstance(error, PipelineError) else f"{type(error).__name__}: {error}"
        whose.setdefault(what, []).append(slug)
    told = "; ".join(f"{', '.join(slugs)}: {what}" for what, slugs in whose.items())
    others = ", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "none due"
    return (RetriableError if again else FatalError)(f"no mail for {told} (mails of the other brands: {others})")


def _wire(rendered: Rendered, mailing: Mailing, envelope: Envelope) -> bytes:
    from pipeline.report import mail

    return mail.as_bytes(mail.message(rendered, mailing.id, mailing.sent_at, envelope))
