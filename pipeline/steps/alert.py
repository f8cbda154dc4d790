"""The same morning: an unusual night told in a short mail, at most one a day and brand, to those who asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.model import Brand, Subscriber
from pipeline.settings import Settings
from pipeline.steps import _mailing
from pipeline.steps._mailing import Mailing, Written

if TYPE_CHECKING:
    from pipeline.report.alert import Alert
    from pipeline.report.render import Rendered
    from pipeline.report.send import Letter


def read_alerts(settings: Settings, night: date, *, slug: str | None = None, catalogue: str = "brands") -> list[Alert]:
    """The alerts of a night, of one brand or of all: none where it was usual or not collected in full.

    Raises RetriableError while the night is not published.
    """
    found = (_read(settings, brand, night) for brand in _mailing.brands(settings, catalogue, slug))
    return [alert for alert in found if alert is not None]


def render_alert(settings: Settings, alert: Alert, language: str = "fr") -> Rendered:
    """The subject and texts of an alert."""
    from pipeline.report import alert as room

    return room.render(alert, language, page=settings.page_url)


def write_alert(settings: Settings, alert: Alert, folder: Path, language: str = "fr") -> Written:
    """Write the mail as .eml, its HTML, and a screenshot; nobody's address is in them."""
    return _mailing.write(settings, _mailing_of(settings, alert), folder, language)


def send_alerts(
    settings: Settings,
    night: date,
    *,
    now: Callable[[], datetime],
    slug: str | None = None,
    resend: bool = False,
    catalogue: str = "brands",
) -> Counter[str]:
    """Send the night's alerts to those who asked for alerts; counts as `send_digests` does, and as safe to repeat.

    Raises ConfigError without a mail server, RetriableError while the night is not published; a brand whose alert
    cannot be made is raised by name after the others left.
    """
    _mailing.relay(settings)
    due = [brand for brand in _mailing.brands(settings, catalogue, slug) if _readers(brand)]
    return _mailing.send(settings, due, lambda brand: _letters(settings, brand, night), now=now, resend=resend)


def _readers(brand: Brand) -> list[Subscriber]:
    return _mailing.once([s for s in brand.subscribers if s.frequency == "alerts"])


def _read(settings: Settings, brand: Brand, night: date) -> Alert | None:
    try:
        from pipeline.report import alert as room
    except ModuleNotFoundError as missing:
        raise ConfigError(f"{missing.name} is not installed: pip install 'rayonner[digest]'") from missing
    return room.read(_mailing.published(settings), brand, night)


def _letters(settings: Settings, brand: Brand, night: date) -> Iterator[Letter]:
    alert = _read(settings, brand, night)
    if alert is None:
        return iter(())
    return _mailing.letters(settings, brand, _readers(brand), _mailing_of(settings, alert))


def _mailing_of(settings: Settings, alert: Alert) -> Mailing:
    return Mailing(alert.id, alert.name, alert.sent_at, partial(render_alert, settings, alert))
