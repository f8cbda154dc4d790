"""Time as the pipeline counts it: windows, and nights in Europe/Paris."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time [start, end), both with a zone. An empty window is a ValueError."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs times with a zone")
        if self.end <= self.start:
            raise ValueError(f"an empty window: {self.start.isoformat()} to {self.end.isoformat()}")

    @classmethod
    def night(cls, night: date) -> Window:
        """One local day in Europe/Paris, as UTC: 23, 24 or 25 hours."""
        following = night + timedelta(days=1)
        start = datetime.combine(night, time.min, PARIS).astimezone(UTC)
        return cls(start, datetime.combine(following, time.min, PARIS).astimezone(UTC))

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` (with a zone) lies in the window."""
        return self.start <= moment < self.end


def night_of(moment: datetime) -> date:
    """The collection night (a Europe/Paris calendar day) that a moment belongs to."""
    return moment.astimezone(PARIS).date()
