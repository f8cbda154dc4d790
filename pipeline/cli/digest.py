"""The weekly digest by hand: read it here, write it to files, send it; see and settle deliveries in doubt."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipeline import steps, store
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Json, now, settings
from pipeline.errors import ConfigError
from pipeline.report.digest import Digest, monday
from pipeline.report.digest import month as first_day
from pipeline.settings import Settings

WEEK = typer.Option(help="ISO week, such as 2026-W47. Default: the last one that is over.")


def digest(
    brand: Annotated[str | None, typer.Option(help="Only this brand; left out, every brand with subscribers.")] = None,
    week: Annotated[str | None, WEEK] = None,
    month: Annotated[str | None, typer.Option(help="Show or write a month's instead, such as 2026-11.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to its subscribers, each of them once.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write .eml, .html and a screenshot into this folder.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same, into <home>/digests.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="With --send: also repeat what is in doubt.")] = False,
    language: Annotated[str, typer.Option(help="fr or en; subscribers get their own.")] = "fr",
    catalogue: Catalogue = "brands",
) -> None:
    """Show the digest of a week, write it, or send it; without an option its text is printed."""
    with _say.told():
        if send and (out or dry_run or month):
            raise ConfigError("--send does not go with --out or --month: nothing was done")
        given, start = settings(), _monday(week)
        if send:
            outcome(steps.send_digests(given, start, now=now, slug=brand, resend=resend, catalogue=catalogue))
        elif brand is None:
            raise ConfigError("name a brand with --brand, or send every digest with --send")
        elif out or dry_run:
            read = _read(given, brand, start, month, catalogue)
            written = steps.write_digest(given, read, out or given.home / "digests", language)
            for path in (written.mail, written.html, written.picture):
                _say.OUT.print(str(path) if path else "no screenshot: no Chromium is installed", soft_wrap=True)
        else:
            rendered = steps.render_digest(given, _read(given, brand, start, month, catalogue), language)
            print(_say.clean(f"{rendered.subject}\n\n{rendered.text}"))


def deliveries(
    week: Annotated[str | None, typer.Option(help="Only this ISO week.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    doubts: Annotated[bool, typer.Option("--doubts", help="Only those that may or may not have left.")] = False,
    bounced: Annotated[str | None, typer.Option(help="Note that the mail with this Message-ID came back.")] = None,
    delivered: Annotated[str | None, typer.Option(help="Take this Message-ID in doubt as sent, or `all`.")] = None,
    json: Json = False,
) -> None:
    """List the digests sent; people are numbers here. Settle a doubt by --delivered, or by `digest --send --resend`."""
    with _say.told():
        engine = _store(settings())
        if bounced and not store.bounce(engine, bounced, now=now()):
            raise ConfigError("no mail with that Message-ID was sent from here")
        if delivered:
            count = store.confirm(engine, None if delivered == "all" else delivered, now=now())
            _say.OUT.print(f"{count} deliveries in doubt are taken as sent.")
            return
        rows = store.deliveries(engine, state="sending" if doubts else None)
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


def unsubscribe(
    token: Annotated[
        str | None, typer.Argument(help="The token at the end of the link, or in the mail asked for.")
    ] = None,
    listen: Annotated[
        str | None, typer.Option(help="Serve the links instead, on this HOST:PORT, behind https.")
    ] = None,
) -> None:
    """Take someone off a digest by their token, or serve the links of the mails until interrupted."""
    with _say.told():
        given = settings()
        if (token is None) == (listen is None):
            raise ConfigError("give a TOKEN, or --listen HOST:PORT")
        if listen:
            _serve(given, listen)
        elif token:
            new = steps.unsubscribe(given, token, now=now())
            _say.OUT.print("Done: no more digests." if new else "That was done before; nothing changed.")


def doubts_line(engine: store.Engine) -> str:
    """What `status` says of deliveries in doubt: their number and the cure, or that there is none."""
    count = store.doubts(engine)
    if not count:
        return "No digest is in doubt."
    return f"[bold red]{count} digests may or may not have left[/]: rayonner deliveries --doubts"


STATES = {"sending": "in doubt", "deferred": "to try again"}


def outcome(done: Counter[str]) -> None:
    """Say what became of the mails, and leave with the code that scripts decide by."""
    _say.OUT.print(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nobody is due a mail.")
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


def _store(given: Settings) -> store.Engine:
    engine = store.connect(given.store_url)
    store.migrate(engine)
    return engine


def _serve(given: Settings, listen: str) -> None:
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    from pipeline.report.unsubscribe import application

    class Quiet(WSGIRequestHandler):
        """Says nothing of who asks: an access log would hold the tokens."""

        def log_message(self, format: str, *args: object) -> None:
            return

    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise ConfigError(f"{listen!r} is not HOST:PORT; write 127.0.0.1:8026")
    app = application(_store(given), given.author_key, now)
    with make_server(host or "127.0.0.1", int(port), app, handler_class=Quiet) as server:
        _say.OUT.print(f"Serving unsubscribe links on {host or '127.0.0.1'}:{server.server_port}")
        server.serve_forever()
