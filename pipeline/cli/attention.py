"""Attention: how often the Wikipedia articles on a territory are read, collected and shown."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import steps, store
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Json, NightOption, day, now, settings
from pipeline.cli.brands import the_brand
from pipeline.cli.night import From
from pipeline.errors import ConfigError


def attention(
    night: NightOption = None,
    first: From = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    catalogue: Catalogue = "brands",
    json: Json = False,
) -> None:
    """Collect how often people read the Wikipedia articles on each territory, and show it.

    A day without a number is unknown, not zero: Wikimedia publishes a day late. Ask again at will.

    Example: rayonner attention --from 2026-01-05 --night 2026-05-31 --brand just-dijon
    """
    with _say.told():
        last = day(night)
        start, given = day(first, last), settings()
        if brand:
            the_brand(brand, catalogue)
        done = steps.attention(given, start, last, now=now(), catalogue=catalogue, slug=brand)
        if done.off:
            raise ConfigError(f"set {' and '.join(done.off)}: Wikimedia refuses whoever cannot be reached")
        if brand and brand not in done.titles:
            raise ConfigError(f"{brand} has no article: name one under [attention] articles in its brand file")
        rows = [row for row in store.attention(store.connect(given.store_url), brand=brand) if row.brand in done.titles]
    if json:
        for row in rows:
            _say.json_line(row)
        return
    _say.table(["brand", "language", "articles", "days known", "unknown", "views"], _totals(done, rows))
    if done.untitled and not brand:
        _say.OUT.print(f"{len(done.untitled)} brands name no article and their names are in doubt.")


def _totals(done: steps.Attended, rows: list[store.Attention]) -> list[list[object]]:
    """One line a brand and language, over all days kept."""
    lines = list[list[object]]()
    for own, titles in done.titles.items():
        for title in titles:
            days = [row.views for row in rows if (row.brand, row.lang) == (own, title.language)]
            known = [views for views in days if views is not None]
            shown = ", ".join((title.title, *title.earlier))
            total = sum(known) if known else None
            lines.append([own, title.language, shown, len(known), len(days) - len(known), total])
    return lines
