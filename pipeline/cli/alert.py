"""Alerts by hand: what a night would tell, written to files or sent to those who asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Language, NightOption, day, now, settings
from pipeline.cli.digest import check_options, outcome

if TYPE_CHECKING:
    from datetime import date

    from pipeline.settings import Settings


def alert(
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    night: NightOption = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to those who asked for alerts, each once.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write .eml, .html and a screenshot into this folder.")] = None,
    resend: Annotated[bool, typer.Option("--resend", help="With --send: also repeat what is in doubt.")] = False,
    language: Language = None,
    catalogue: Catalogue = "brands",
) -> None:
    """Show what was unusual in a night, write it, or send it; a usual night says nothing and sends nothing."""
    with _say.told():
        check_options(send=send, resend=resend, shown=bool(out or language))
        given, chosen = settings(), day(night)
        if send:
            outcome(steps.send_alerts(given, chosen, now=now, slug=brand, resend=resend, catalogue=catalogue))
        else:
            _show(given, chosen, brand, out, language or "fr", catalogue)


def _show(given: Settings, night: date, brand: str | None, out: Path | None, language: str, catalogue: str) -> None:
    found = steps.read_alerts(given, night, slug=brand, catalogue=catalogue)
    if not found:
        _say.OUT.print(f"Nothing unusual on {night}, or not collected in full: no alert.")
    for one in found:
        if out:
            written = steps.write_alert(given, one, out, language)
            for path in (written.mail, written.html, written.picture):
                _say.OUT.print(str(path) if path else "no screenshot: no Chromium is installed", soft_wrap=True)
        else:
            rendered = steps.render_alert(given, one, language)
            print(_say.clean(f"{rendered.subject}\n\n{rendered.text}"))
