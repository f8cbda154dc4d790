"""Which nights were listened to, and what they brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from pipeline import steps, store
from pipeline.cli import _say
from pipeline.cli._options import Json, day, settings
from pipeline.model import LedgerRow

# The same in each brand's row of a night: what the whole source brought.
WHOLE = ("fetched", "duplicates", "skipped")


def coverage(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand.")] = None,
    since: Annotated[str | None, typer.Option(help="First night, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last night, YYYY-MM-DD.")] = None,
    json: Json = False,
) -> None:
    """Show which nights were really listened to, one line a month and one mark a night, and what they brought."""
    with _say.told():
        engine = store.connect(settings().store_url)
        store.migrate(engine)
        bounds = {name: day(text) for name, text in (("since", since), ("until", until)) if text}
        rows = store.ledger(engine, source=source, brand=brand, **bounds)
    nights = steps.by_night(rows)
    if json:
        for row in rows:
            few = steps.is_short(nights[row.source, row.night])
            _say.json_line({**asdict(row), "fewer_than_expected": few})
        return
    for name, months in steps.calendar(rows).items():
        _say.OUT.print(f"\n[bold]{_say.plain(name)}[/]")
        for month, marks in months:
            _say.OUT.print(f"  {month}  {marks}")
        _say.OUT.print(f"  [dim]{_brought([held for (source, _), held in nights.items() if source == name])}[/]")
    _say.OUT.print(f"\n[dim]{steps.LEGEND}[/]" if rows else "No night was asked for yet; run: rayonner run")


def _brought(nights: Sequence[Sequence[LedgerRow]]) -> str:
    """What a source's nights brought: each brand's row tells what its whole night fetched, and its own mentions."""
    own = [[row for row in held if row.run == "night"] for held in nights]
    most = {name: sum(max((getattr(row, name) for row in held), default=0) for held in own) for name in WHOLE}
    rows = [row for held in own for row in held]
    each = {name: sum(getattr(row, name) or 0 for row in rows) for name in ("kept", "late")}
    cost = sum(row.cost_micros for row in rows)
    counted = [f"{_say.cell(count)} {name}" for name, count in {**most, **each}.items() if count or name == "fetched"]
    errors = Counter(max((row.error.partition(":")[0] for row in held if row.error), default="") for held in own)
    counted += [f"{count} x {name}" for name, count in sorted(errors.items()) if name]
    return " · ".join(counted + ([f"cost {cost / 1e6:.2f}"] if cost else []))
