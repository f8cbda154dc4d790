"""Find who carries the brands."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Json, day, now, settings
from pipeline.model import night_of


def influence(
    month: Annotated[
        str | None, typer.Option(help="A day of the month, YYYY-MM-DD. Default: the last month that is over.")
    ] = None,
    json: Json = False,
) -> None:
    """Rank who carried each brand over half a year, from the published file; the next build takes it in.

    Needs the extra: pip install 'rayonner[influence]'. Authors stay numbers, but for accounts that a brand file lists.
    """
    with _say.told():
        over = night_of(now()).replace(day=1) - timedelta(days=1)
        listed = steps.influence(settings(), day(month, over))
    if json:
        _say.json_line(listed)
    else:
        _say.table(["brand", "authors listed"], sorted(listed.items()))
