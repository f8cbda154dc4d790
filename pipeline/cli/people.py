"""What people may ask of whoever listens: to be forgotten, and not to be counted."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Json, now, settings

Platform = Annotated[str, typer.Argument(help="The platform: x, bluesky, mastodon, ...")]


def upkeep(json: Json = False) -> None:
    """Forget what has expired: text, links and ids past their date."""
    with _say.told():
        gone = steps.upkeep(settings(), now=now())
    _say.json_line(gone) if json else _say.table(["what", "rows"], list(gone.items()))


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
