"""What sources cost this month, beside the caps of RAYONNER_BUDGET."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pipeline import steps, store
from pipeline.cli import _say
from pipeline.cli._options import Json, now, settings
from pipeline.errors import ConfigError
from pipeline.steps import Account
from pipeline.steps.budget import month_of
from pipeline.store import spend

COLUMNS = ["source", "of", "spent", "cap", "left", "at this rate"]


def budget(
    month: Annotated[str | None, typer.Option(help="The UTC month, YYYY-MM. Default: the current one.")] = None,
    source: Annotated[str | None, typer.Option(help="Only this source, brand by brand.")] = None,
    json: Json = False,
) -> None:
    """Show what each source has cost this month, what it may cost, and where the month leads at this rate.

    Caps are set by RAYONNER_BUDGET, for instance x:money=50,posts=10000;youtube:units=200000
    """
    with _say.told():
        given, at = settings(), now()
        asked = _month(month) or month_of(at)
        engine = store.connect(given.store_url)
        store.migrate(engine)
        told = [one for one in steps.accounts(given, engine, asked, at) if source in (None, one.source)]
        brands = spend.spent(engine, asked).get(source, {}) if source else {}
    if json:
        _say.json_line({"month": asked, "accounts": told, "brands": brands})
        return
    show(told, f"{asked} (UTC)")
    if brands:
        rows = [
            [brand, cost.requests, cost.posts, cost.units, _amount("micros", cost.micros)]
            for brand, cost in brands.items()
        ]
        _say.table(["paid by (* is second looks)", "requests", "posts", "units", "money"], rows)


def show(told: list[Account], title: str) -> None:
    """A table of accounts, or a line where nothing was spent and nothing is capped."""
    if not told:
        _say.OUT.print(f"Budget of {title}: nothing spent, no cap set.")
        return
    rows = [
        [
            one.source,
            "money" if one.kind == "micros" else one.kind,
            _amount(one.kind, one.spent),
            _amount(one.kind, one.cap),
            _amount(one.kind, None if one.cap is None else max(0, one.cap - one.spent)),
            _amount(one.kind, one.foreseen),
        ]
        for one in told
    ]
    _say.table(COLUMNS, rows, title=f"Budget of {title}")


def _amount(kind: str, amount: int | None) -> object:
    return f"{amount / 1e6:.2f}" if kind == "micros" and amount is not None else amount


def _month(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise ConfigError(f"{text!r} is not a month; write it as 2026-05")
    return text
