"""History read again by what the program is today."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Json, now, settings


def rescore(
    catalogue: Catalogue = "brands",
    tier: Annotated[str | None, typer.Option(help="accurate, fast or cascade; default RAYONNER_TIER.")] = None,
    scorer: Annotated[
        str | None, typer.Option(help="NAME/VERSION as in `scorer`: what it has read already is left alone.")
    ] = None,
    match: Annotated[
        bool, typer.Option("--match", help="Look for mentions again with today's rules, then score what is new.")
    ] = False,
    json: Json = False,
) -> None:
    """Read again every mention whose text is still kept: after a new model, a new word list, new matching rules.

    May be stopped and started again; running it twice changes nothing the second time. Then: rayonner build, publish.
    """
    with _say.told():
        given = settings()
        found = steps.Rematched(0, 0)
        if match:
            with _say.progress("match") as step:
                found = steps.rematch(given, catalogue=catalogue, progress=step)
        again = scorer is None and not match
        with _say.progress("score") as step:
            written = steps.score(
                given, now=now(), catalogue=catalogue, tier=tier, again=again, scorer=scorer, progress=step
            )
    if json:
        _say.json_line({"matched": found.posts, "judged_otherwise": found.changed, "scored": written})
        return
    if match:
        _say.OUT.print(f"{found.posts} texts matched again, {found.changed} mentions judged otherwise.")
    _say.OUT.print(f"{written} mentions changed their scores.")
