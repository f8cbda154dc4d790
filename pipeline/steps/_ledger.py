"""How a night went, written down for each brand; what it should have brought; and which nights to ask for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from pipeline import store
from pipeline.collect import Ask, Cost
from pipeline.errors import PipelineError
from pipeline.model import LedgerRow, Status, Window, night_of
from pipeline.steps._work import Work
from pipeline.store.nights import NOT_FINISHED, first_nights, same_weekdays

# The last eight same weekdays within half a year; fewer than four say nothing of what is usual.
_NIGHTS, _FEWEST, _WEEKS = 8, 4, 26

# Of a row: a fault that may pass cut this brand's night.
_FAULT = "hint:fault"

# The platform has told all it tells: asking again reads the same, or less.
_TOLD_ALL = {
    *("hint:feed_too_short", "hint:listing_end", "hint:out_of_reach"),
    *("hint:more_videos", "hint:more_comments", "hint:more_than_250"),
}

# From the end of a night to that of its own run, tries included: it begins three hours later and has three a try.
_OWN_RUN = timedelta(hours=12)


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


def begin(engine: store.Engine, source: str, brands: Sequence[str], night: date) -> None:
    """Write the night of each brand that has no row as failed, before anything is asked; its end takes that place."""
    told = _rows(engine, source, night)
    new = [brand for brand in brands if brand not in told or told[brand].status == "off"]
    if new:
        row = LedgerRow(source, "", night, "night", status="failed", error=NOT_FINISHED)
        store.save_ledger(engine, [replace(row, brand=brand) for brand in new], {"night": brands})


def write(engine: store.Engine, source: str, brands: Sequence[str], night: date, told: Told, *, again: bool) -> None:
    """One row a brand: posts looked at for it, mentions kept, what was skipped, what it cost, and how it ended.

    What a night asked for again costs is added to what it had cost; the store lets no worse end replace a better one.
    Where the source pays by the purse each brand's row holds its own part, else the whole.
    """
    before = _rows(engine, source, night)
    rows = [_row(source, brand, night, told, before.get(brand), again=again) for brand in brands]
    store.save_ledger(engine, rows, {"night": brands})


def _row(source: str, brand: str, night: date, told: Told, old: LedgerRow | None, *, again: bool) -> LedgerRow:
    ask, reasons = told.ask, dict(told.ask.reasons)
    if told.left:
        reasons["hint:deleted"] = told.left
    # What a question for another brand lost, or had no money for, is no gap of this one.
    whole = bool(ask.cut) and brand not in ask.cut and told.status in ("partial", "budget")
    if not whole and (brand in ask.broken or (ask.faults and not ask.cut)):
        reasons[_FAULT] = 1
    error = None if whole else told.error
    cost = told.paid.get(brand, Cost()).micros if told.paid else ask.cost_micros
    return LedgerRow(
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
        late=0 if again and old and old.error != NOT_FINISHED else None,
    )


def cut_short(work: Work, first: date, last: date) -> dict[date, frozenset[str]]:
    """The nights before `first` to ask for again beside a run of last night, newest first, and for which brands.

    Those that failed or ran out of budget, those that were never begun, and those that were partial, unless asking
    again brings nothing: what a platform does not give is not asked for twice, and what costs is asked for again only
    where a fault cut it. None beside a run for the past.
    """
    since, until = last - timedelta(days=work.settings.recollect_days), first - timedelta(days=1)
    if last < night_of(work.now) - timedelta(days=1) or since > until:
        return {}
    rows = _nights(work, since, until)
    cut = {(row.night, row.brand) for row in rows if _may_get_better(row, work.source.NAME in work.settings.budget)}
    cut |= _missed(work, since, until, {(row.night, row.brand) for row in rows})
    nights = sorted({night for night, _ in cut}, reverse=True)
    return {night: frozenset(brand for other, brand in cut if other == night) for night in nights}


def lost(work: Work, night: date) -> frozenset[str]:
    """The brands for whom the night failed or was never begun, once no run of its own can be under way."""
    rows = _nights(work, night, night)
    over = work.now >= Window.night(night).end + _OWN_RUN
    failed = {row.brand for row in rows if row.status == "failed" and (over or row.error != NOT_FINISHED)}
    missed = _missed(work, night, night, {(row.night, row.brand) for row in rows}) if over else set()
    return frozenset(failed | {brand for _, brand in missed})


def _may_get_better(row: LedgerRow, capped: bool) -> bool:
    if row.status != "partial":
        return row.status in ("failed", "budget")
    return _FAULT in row.reasons or not (capped or _TOLD_ALL & row.reasons.keys())


def _missed(work: Work, since: date, until: date, told: set[tuple[date, str]]) -> set[tuple[date, str]]:
    """Nights without a row of brands that were listened to before; none where each post found costs money."""
    if getattr(work.source, "POST_MICROS", 0):
        return set()
    began = first_nights(work.engine, work.source.NAME)
    nights = [since + timedelta(days=day) for day in range((until - since).days + 1)]
    return {(night, brand) for night in nights for brand, first in began.items() if first < night} - told


def _nights(work: Work, since: date, until: date) -> list[LedgerRow]:
    rows = store.ledger(work.engine, source=work.source.NAME, since=since, until=until)
    return [row for row in rows if row.run == "night"]


def _rows(engine: store.Engine, source: str, night: date) -> dict[str, LedgerRow]:
    told = store.ledger(engine, source=source, since=night, until=night)
    return {row.brand: row for row in told if row.run == "night"}
