"""What people may ask of whoever listens: to be forgotten, and not to be counted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Json, now, settings
from pipeline.errors import PipelineError
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
