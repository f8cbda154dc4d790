"""How long deleted posts stayed here: measured, and held against what each source's terms allow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from pipeline import collect, store
from pipeline.settings import Settings
from pipeline.steps._found import legal_of
from pipeline.steps.follow_up import overdue_before
from pipeline.store.leaving import delays
from pipeline.store.rechecks import overdue

# Long enough for a percentile, short enough to tell how it goes now.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Deleted:
    """One source's deletions of the last 30 days: how many, and the hours from there to here; None without any.

    `allowed_h` is what its terms give, `late` how many took longer, `overdue` how many kept posts were not looked at
    within that time; None where the source cannot look again.
    """

    source: str
    count: int
    median_h: float | None
    p95_h: float | None
    longest_h: float | None
    allowed_h: int
    late: int
    overdue: int | None


def deletions(settings: Settings, engine: store.Engine, now: datetime) -> list[Deleted]:
    """The sources that told of deletions, and those collected that can look again."""
    measured = delays(engine, now - timedelta(days=DAYS))
    followed = {name for name in settings.sources if name in collect.names() and hasattr(collect.load(name), "again")}
    return [
        _deleted(engine, name, measured.get(name, []), name in followed, now) for name in sorted({*measured, *followed})
    ]


def _deleted(engine: store.Engine, source: str, hours: Sequence[float], is_followed: bool, now: datetime) -> Deleted:
    allowed, ordered = legal_of(source).delete_within_hours, sorted(hours)
    return Deleted(
        source=source,
        count=len(ordered),
        median_h=median(ordered) if ordered else None,
        p95_h=ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else None,
        longest_h=ordered[-1] if ordered else None,
        allowed_h=allowed,
        late=sum(one > allowed for one in ordered),
        overdue=overdue(engine, source, overdue_before(collect.load(source), now)) if is_followed else None,
    )
