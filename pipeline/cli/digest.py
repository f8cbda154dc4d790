"""The weekly digest by hand: read it here, write it to files, send it; see the mails that left and settle doubts."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline import steps, store
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Json, Language, now, settings
from pipeline.errors import ConfigError
from pipeline.report.digest import Digest, monday
from pipeline.report.digest import month as first_day
from pipeline.settings import Settings

State = Literal["sending", "sent", "deferred", "refused", "bounced"]
WEEK = typer.Option(help="ISO week, such as 2026-W47. Default: the last one that is over.")


def digest(
    brand: Annotated[str | None, typer.Option(help="Only this brand; left out, every brand with subscribers.")] = None,
    week: Annotated[str | None, WEEK] = None,
    month: Annotated[str | None, typer.Option(help="Show or write a month's instead, such as 2026-11.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to its subscribers, each of them once.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write .eml, .html and a screenshot into this folder.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same, into <home>/digests.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="With --send: also repeat what is in doubt.")] = False,
    language: Language = None,
    catalogue: Catalogue = "brands",
) -> None:
    """Show the digest of a week, write it, or send it; without an option its text is printed."""
    with _say.told():
        check_options(send=send, resend=resend, shown=bool(out or dry_run or month or language))
        if week and month:
            raise ConfigError("--week and --month are two digests: ask for one; nothing was done")
        given, start = settings(), _monday(week)
        if send:
            outcome(steps.send_digests(given, start, now=now, slug=brand, resend=resend, catalogue=catalogue))
        elif brand is None:
            raise ConfigError("name a brand with --brand, or send every digest with --send")
        elif out or dry_run:
            read = _read(given, brand, start, month, catalogue)
            written = steps.write_digest(given, read, out or given.home / "digests", language or "fr")
            for path in (written.mail, written.html, written.picture):
                _say.OUT.print(str(path) if path else "no screenshot: no Chromium is installed", soft_wrap=True)
        else:
            rendered = steps.render_digest(given, _read(given, brand, start, month, catalogue), language or "fr")
            print(_say.clean(f"{rendered.subject}\n\n{rendered.text}"))


def deliveries(
    week: Annotated[str | None, typer.Option(help="Only this ISO week.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    state: Annotated[State | None, typer.Option(help="Only those in this state; `sending` is in doubt.")] = None,
    doubts: Annotated[bool, typer.Option("--doubts", help="The same as --state sending.")] = False,
    bounced: Annotated[str | None, typer.Option(help="Note that the mail with this Message-ID came back.")] = None,
    reachable: Annotated[str | None, typer.Option(help="Mail this address again, of which a mail came back.")] = None,
    delivered: Annotated[str | None, typer.Option(help="Take this Message-ID in doubt as sent, or `all`.")] = None,
    json: Json = False,
) -> None:
    """List the digests sent; people are numbers here. Settle a doubt by --delivered, or by `digest --send --resend`."""
    with _say.told():
        if doubts and state not in (None, "sending"):
            raise ConfigError("--doubts is --state sending: ask for one state")
        given = settings()
        engine = open_store(given)
        if said := _settled(given, engine, bounced, reachable, delivered):
            _say.OUT.print(said)
            return
        rows = store.deliveries(engine, state="sending" if doubts else state)
        rows = [row for row in rows if _chosen(row.digest, brand, week)]
    if json:
        for row in rows:
            _say.json_line(row)
        return
    _say.table(
        ["digest", "recipient", "state", "tries", "code", "since"],
        [
            [r.digest, f"{r.recipient_key:016x}", STATES.get(r.state, r.state), r.attempts, r.code, r.claimed_at]
            for r in rows
        ],
    )


def mails(engine: store.Engine, at: datetime) -> dict[State, int]:
    """What `status` counts of mails that wait for somebody; those deferred or refused are of the last 30 days."""
    return store.undelivered(engine, since=at - timedelta(days=30))


def mails_lines(waiting: dict[State, int]) -> list[str]:
    """What `status` says of them: their number and the cure, or that there is none."""
    return [
        f"{WAITING[state]}: [bold red]{count}[/], see: rayonner deliveries --state {state}"
        for state, count in waiting.items()
        if count
    ] or ["No mail is in doubt, to try again, refused or back."]


STATES = {"sending": "in doubt", "deferred": "to try again"}
WAITING: dict[State, str] = {
    "sending": "Mails in doubt, that may or may not have left",
    "deferred": "Mails to try again",
    "refused": "Mails refused by their reader's server",
    "bounced": "Mails that came back, whose addresses are left out until you clear them",
}


def check_options(*, send: bool, resend: bool, shown: bool) -> None:
    """Refuse what would be passed over in silence. Raises ConfigError."""
    if send and shown:
        raise ConfigError("--send does not go with --out, --month or --language: nothing was done")
    if resend and not send:
        raise ConfigError("--resend says what --send does with doubts, alone it does nothing: add --send")


def outcome(done: Counter[str]) -> None:
    """Say what became of the mails, and leave with the code that scripts decide by."""
    _say.OUT.print(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nobody is due a mail.")
    if done["bounced"]:
        _say.ERR.print("[yellow]Who bounced before was left out[/]; see: rayonner deliveries --state bounced")
    if done["doubt"]:
        _say.ERR.print("[red]Some may or may not have left[/]; see: rayonner deliveries --doubts")
        raise typer.Exit(_say.INCOMPLETE)
    if done["deferred"]:
        raise typer.Exit(_say.RETRIABLE)


def _read(given: Settings, brand: str, week: date, month: str | None, catalogue: str) -> Digest:
    if month:
        return steps.read_month(given, brand, first_day(month), catalogue=catalogue)
    return steps.read_digest(given, brand, week, catalogue=catalogue)


def _monday(week: str | None) -> date:
    return monday(week) if week else steps.last_week(now())


def _chosen(digest_id: str, brand: str | None, week: str | None) -> bool:
    own_brand, _, own_week = digest_id.partition("/")
    return brand in (None, own_brand) and (week is None or week.upper() == own_week)


def _settled(
    given: Settings, engine: store.Engine, bounced: str | None, reachable: str | None, delivered: str | None
) -> str | None:
    """What a person says became of a mail, written down; None when nothing was said. Raises ConfigError for a typo."""
    if bounced:
        if not store.bounce(engine, bounced, now=now()):
            raise ConfigError("no mail with that Message-ID was sent from here")
        return "Noted: its address is mailed no more, until --reachable ADDRESS."
    if reachable:
        if not store.clear(engine, store.recipient_key(given.author_key, reachable), now=now()):
            raise ConfigError("no mail to that address is noted as bounced")
        return "Noted: it is mailed again from the next digest on."
    if delivered:
        count = store.confirm(engine, None if delivered == "all" else delivered, now=now())
        if not count and delivered != "all":
            raise ConfigError("no mail in doubt has that Message-ID; see: rayonner deliveries --doubts --json")
        return f"{count} deliveries in doubt are taken as sent."
    return None


def open_store(given: Settings) -> store.Engine:
    """The store, in the shape this version reads."""
    engine = store.connect(given.store_url)
    store.migrate(engine)
    return engine
