"""How a night went, written down for each brand; what it should have brought; and which nights to ask for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from pipeline import collect as sources
from pipeline import store
from pipeline.collect import Ask, Cost
from pipeline.errors import PipelineError
from pipeline.model import LedgerRow, Status, night_of
from pipeline.settings import Settings
from pipeline.store.nights import same_weekdays

# The last eight same weekdays within half a year; fewer than four say nothing of what is usual.
_NIGHTS, _FEWEST, _WEEKS = 8, 4, 26


@dataclass(frozen=True, slots=True)
class Told:
    """What a night told: the source's report, how it ended, and by brand what was kept, foreseen and paid."""

    ask: Ask
    status: Status
    error: PipelineError | None
    kept: Mapping[str, int]
    expected: Mapping[str, int]
    paid: Mapping[str, Cost]
    left: int


def usual(engine: store.Engine, source: str, night: date) -> dict[str, int]:
    """The median of what each brand kept on the last complete nights of the same weekday."""
    held = same_weekdays(engine, source, night, weeks=_WEEKS)
    return {brand: int(median(kept[:_NIGHTS])) for brand, kept in held.items() if len(kept) >= _FEWEST}


def write(engine: store.Engine, source: str, brands: Sequence[str], night: date, told: Told, *, again: bool) -> None:
    """One row a brand: posts looked at for it, mentions kept, what was skipped, what it cost, and how it ended.

    What a night asked for again costs is added to what it had cost; the store lets no worse end replace a better one.
    Where the source pays by the purse each brand's row holds its own part, else the whole.
    """
    before = {
        row.brand: row for row in store.ledger(engine, source=source, since=night, until=night) if row.run == "night"
    }
    ask, reasons = told.ask, dict(told.ask.reasons)
    if told.left:
        reasons["hint:deleted"] = told.left
    rows = []
    for brand in brands:
        old = before.get(brand)
        cost = told.paid.get(brand, Cost()).micros if told.paid else ask.cost_micros
        # What a question for another brand lost, or had no money for, is no gap of this one.
        whole = bool(ask.cut) and brand not in ask.cut and told.status in ("partial", "budget")
        error = None if whole else told.error
        rows.append(
            LedgerRow(
                source=source,
                brand=brand,
                night=night,
                run="night",
                status="complete" if whole else told.status,
                asked=ask.asked,
                fetched=ask.fetched,
                kept=told.kept.get(brand, 0),
                duplicates=reasons.get("duplicate", 0),
                skipped=ask.skipped - reasons.get("duplicate", 0),
                truncated=ask.truncated and not whole,
                error=f"{type(error).__name__}: {error}"[:300] if error else None,
                cost_micros=cost + (old.cost_micros if old else 0),
                reasons=reasons,
                expected=told.expected.get(brand),
                late=0 if again and old else None,
            )
        )
    store.save_ledger(engine, rows, {"night": brands})


def cut_short(
    settings: Settings, engine: store.Engine, source: sources.Source, first: date, last: date, now: datetime
) -> dict[date, frozenset[str]]:
    """The nights before `first` to ask for again beside a run of last night, newest first, and for which brands.

    Those that failed or ran out of budget; those that were partial too, unless the source has a budget: a platform
    that gave all it gives is not paid twice for it. None beside a run for the past.
    """
    since = last - timedelta(days=settings.recollect_days)
    if last < night_of(now) - timedelta(days=1) or since >= first:
        return {}
    bad = {"failed", "budget"} | ({"partial"} if source.NAME not in settings.budget else set())
    rows = store.ledger(engine, source=source.NAME, since=since, until=first - timedelta(days=1))
    cut = [(row.night, row.brand) for row in rows if row.run == "night" and row.status in bad]
    nights = sorted({night for night, _ in cut}, reverse=True)
    return {night: frozenset(brand for other, brand in cut if other == night) for night in nights}
