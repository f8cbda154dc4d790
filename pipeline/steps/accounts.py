"""What each source has cost this month, beside its cap: for people who pay the bill."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline import store
from pipeline.model.budget import Caps
from pipeline.settings import Settings
from pipeline.steps.budget import month_of
from pipeline.store import spend


@dataclass(frozen=True, slots=True)
class Account:
    """One source's month in one kind (requests, posts, units, micros): spent, the cap, and spent by its end.

    `cap` is None without one; `foreseen` carries the days so far on to the end of the month, None in a past month.
    """

    source: str
    kind: str
    spent: int
    cap: int | None
    foreseen: int | None


def accounts(settings: Settings, engine: store.Engine, month: str, now: datetime) -> list[Account]:
    """Every kind that a source spent or has a cap for in `month`."""
    spent = spend.spent(engine, month)
    told = []
    for source in sorted({*spent, *settings.budget}):
        paid, cap = spend.total(spent.get(source, {})), settings.budget.get(source, Caps())
        for kind in spend.KINDS:
            amount, most = getattr(paid, kind), getattr(cap, kind)
            if amount or most is not None:
                told.append(Account(source, kind, amount, most, _foreseen(amount, month, now)))
    return told


def _foreseen(spent: int, month: str, now: datetime) -> int | None:
    now = now.astimezone(UTC)
    if month != month_of(now):
        return None
    days = calendar.monthrange(now.year, now.month)[1]
    gone = now.day - 1 + now.hour / 24
    return round(spent * days / gone) if gone >= 1 else None  # a first night says nothing of a month
