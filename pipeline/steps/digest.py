"""Monday morning: read the week, write one mail a brand and language, hand each subscriber theirs, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import store
from pipeline.errors import ConfigError
from pipeline.model import Brand, Subscriber, night_of
from pipeline.settings import Settings
from pipeline.steps import _mailing
from pipeline.steps._mailing import Mailing, Written

# The mail room is loaded when a digest is made: its libraries are an extra, and other commands start faster.
if TYPE_CHECKING:
    from pipeline.report.digest import Digest
    from pipeline.report.render import Rendered
    from pipeline.report.send import Letter


def last_week(moment: datetime) -> date:
    """The Monday of the last ISO week that is over in Paris at `moment`."""
    today = night_of(moment)
    return today - timedelta(days=today.weekday() + 7)


def read_digest(settings: Settings, slug: str, week: date, *, catalogue: str = "brands") -> Digest:
    """One brand's digest of the week (its Monday). Raises ConfigError for a brand that no file names."""
    (brand,) = _mailing.brands(settings, catalogue, slug)
    return _read(settings, brand, week)


def read_month(settings: Settings, slug: str, first: date, *, catalogue: str = "brands") -> Digest:
    """One brand's digest of the month (its first day), as those who want one a month receive it."""
    (brand,) = _mailing.brands(settings, catalogue, slug)
    return _month(settings, brand, first)


def render_digest(settings: Settings, digest: Digest, language: str = "fr") -> Rendered:
    """The subject, texts and picture of a digest."""
    try:
        from pipeline.report import render
    except ModuleNotFoundError as missing:
        raise ConfigError(f"{missing.name} is not installed: pip install 'rayonner[digest]'") from missing
    return render.render(digest, language, page=settings.page_url)


def write_digest(settings: Settings, digest: Digest, folder: Path, language: str = "fr") -> Written:
    """Write the mail as .eml, its HTML with the picture inside, and a screenshot; nobody's address is in them."""
    return _mailing.write(settings, _mailing_of(settings, digest), folder, language)


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

    After the week that a month's first Monday ends, monthly readers get that of the month before. Safe to repeat: what
    was sent stays sent. `resend` (or RAYONNER_DIGEST_DOUBT=resend) repeats what is in doubt.
    Raises ConfigError without a mail server, RetriableError while the week is not published; a brand whose digest
    cannot be made is raised by name after the others left.
    """
    _mailing.relay(settings)
    brands = _mailing.brands(settings, catalogue, slug)
    return _mailing.send(settings, brands, lambda brand: _letters(settings, brand, week), now=now, resend=resend)


def unsubscribe(settings: Settings, whose: str, *, now: datetime, brand: str | None = None, undo: bool = False) -> bool:
    """Take someone off a brand's mails or, with `undo`, put them back at their own wish; False when nothing changed.

    `whose` is a token, or an address with its `brand` (`*`: every one). Raises ConfigError for a token that is not
    ours, an address without a brand, or a brand that no file names.
    """
    from pipeline.report import token
    from pipeline.report import unsubscribe as door

    if "@" not in whose:
        wish = token.read(settings.author_key, whose)
    elif brand is None:
        raise ConfigError("an address leaves one brand or all: name it with --brand, `*` is all")
    else:
        if brand != "*":
            _mailing.brands(settings, "brands", brand)
        wish = token.Wish(brand, store.recipient_key(settings.author_key, whose))
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return (door.undo if undo else door.grant)(engine, wish, now=now)


def due_month(week: date) -> date | None:
    """The month that is told with the week (its Monday): the one before, when the week ends on a first Monday's eve."""
    monday = week + timedelta(days=7)
    return (monday.replace(day=1) - timedelta(days=1)).replace(day=1) if monday.day <= 7 else None


def _readers(brand: Brand, frequency: str) -> list[Subscriber]:
    return _mailing.once([s for s in brand.subscribers if s.frequency == frequency])


def _read(settings: Settings, brand: Brand, week: date) -> Digest:
    from pipeline.report import reading

    return reading.read(_mailing.published(settings), brand, week)


def _month(settings: Settings, brand: Brand, first: date) -> Digest:
    from pipeline.report import month

    return month.read(_mailing.published(settings), brand, first)


def _letters(settings: Settings, brand: Brand, week: date) -> Iterator[Letter]:
    """The letters of a brand; a digest that nobody is due is not read."""
    if readers := _readers(brand, "weekly"):
        yield from _mailing.letters(settings, brand, readers, _mailing_of(settings, _read(settings, brand, week)))
    month = due_month(week)
    if month and (readers := _readers(brand, "monthly")):
        yield from _mailing.letters(settings, brand, readers, _mailing_of(settings, _month(settings, brand, month)))


def _mailing_of(settings: Settings, digest: Digest) -> Mailing:
    return Mailing(digest.id, digest.name, digest.sent_at, partial(render_digest, settings, digest))
