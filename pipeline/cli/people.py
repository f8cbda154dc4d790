"""What people may ask of whoever listens: to be forgotten, not to be counted, and not to be mailed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Json, now, settings
from pipeline.cli.digest import open_store
from pipeline.errors import ConfigError, PipelineError
from pipeline.settings import Settings

Platform = Annotated[str, typer.Argument(help="The platform: x, bluesky, mastodon, ...")]


def upkeep(json: Json = False) -> None:
    """Look again at kept posts, take out what was deleted, and forget what has expired. Twice a day, by the DAG.

    A source that cannot be followed keeps nothing from expiring.
    """
    with _say.told():
        given, at = settings(), now()
        followed, failed = _followed(given, at)
        gone = steps.upkeep(given, now=at)
    if json:
        _say.json_line({**gone, "followed": followed, "failed": failed})
    else:
        _say.table(["what expired", "rows"], list(gone.items()))
        rows = [[one.source, one.seen, one.observed, one.left, one.overdue] for one in followed]
        _say.table(["followed", "seen again", "new counts", "taken out", "overdue"], rows)
        for source, message in failed.items():
            _say.ERR.print(f"[yellow]{source} could not be followed:[/] {_say.plain(message)}")
    if failed:
        raise typer.Exit(_say.INCOMPLETE)


def _followed(given: Settings, at: datetime) -> tuple[list[steps.Followed], dict[str, str]]:
    followed, failed = [], {}
    for source in given.sources:
        try:
            followed.append(steps.follow_up(given, source, now=at))
        except PipelineError as error:
            failed[source] = str(error)
    return followed, failed


def forget(
    source: Platform,
    post_id: Annotated[str, typer.Argument(help="The post's id on that platform.")],
    json: Json = False,
) -> None:
    """Delete one post and its reposts everywhere; the next build removes its facts."""
    with _say.told():
        gone = steps.forget(settings(), source, post_id)
    _told(gone, json)


def oppose(
    source: Platform,
    author_id: Annotated[str, typer.Argument(help="The author's id on that platform; only its keyed hash is kept.")],
    json: Json = False,
) -> None:
    """Honour an objection: delete an author's posts and never count them again."""
    with _say.told():
        gone = steps.oppose(settings(), source, author_id, now=now())
    _told(gone, json)


def _told(gone: int, json: bool) -> None:
    _say.json_line({"posts_deleted": gone}) if json else _say.OUT.print(
        f"{gone} posts deleted from the store; run build and publish to remove their facts."
    )


def unsubscribe(
    whose: Annotated[
        str | None,
        typer.Argument(metavar="[TOKEN|ADDRESS]", help="The token at the end of their link, or their address."),
    ] = None,
    brand: Annotated[str | None, typer.Option(help="With an address: the brand they leave, `*` for all.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="They asked to be mailed again: take their wish back.")] = False,
    listen: Annotated[
        str | None, typer.Option(help="Serve the links instead, on this HOST:PORT, behind https.")
    ] = None,
) -> None:
    """Take someone off a digest, or back on with --undo, or serve the links of the mails until interrupted."""
    with _say.told():
        given = settings()
        if (whose is None) == (listen is None) or (listen and (undo or brand)):
            raise ConfigError("give a TOKEN or an address, or --listen HOST:PORT alone")
        if listen:
            _serve(given, listen)
        elif whose:
            if brand and "@" not in whose:
                raise ConfigError("a token names its brand itself: leave --brand out")
            _say.OUT.print(_ANSWERS[undo, steps.unsubscribe(given, whose, now=now(), brand=brand, undo=undo)])


_ANSWERS = {
    (False, True): "Done: no more digests.",
    (False, False): "That was done before; nothing changed.",
    (True, True): "Done: they are mailed again, as the brand file says.",
    (True, False): "They had not unsubscribed; nothing changed.",
}


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
    app = application(open_store(given), given.author_key, now)
    with make_server(host or "127.0.0.1", int(port), app, handler_class=Quiet) as server:
        _say.OUT.print(f"Serving unsubscribe links on {host or '127.0.0.1'}:{server.server_port}")
        server.serve_forever()
