"""What one digest says: a brand's ISO week as rows of the published file, typed, and nothing computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from pipeline.errors import ConfigError
from pipeline.model import PARIS
from pipeline.report.anomalies import Anomaly
from pipeline.report.rows import Day, Figure, Gap, Peer, Running, Said, Source, Tag, Volume

# Below these nothing but that is said: figures would describe persons, not a territory.
LEAST_MENTIONS, LEAST_AUTHORS = 10, 5

# Readers open it with the first coffee of the week; also the Date of the mail, whenever it really leaves.
SENT_AT = time(7, 30)

Grain = Literal["week", "month"]


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one mail says of `brand` in the ISO week or the month that starts on `first`."""

    brand: str
    name: str
    territory: str
    first: date
    volume: Volume
    figures: Mapping[str, Figure]
    days: tuple[Day, ...]
    sources: tuple[Source, ...]
    peers: tuple[Peer, ...]
    gaps: tuple[Gap, ...]
    campaigns: tuple[Running, ...]
    tags: tuple[Tag, ...]
    unusual: tuple[Anomaly, ...]
    peak: Said | None
    answer: tuple[Said, ...]
    thanks: tuple[Said, ...]
    mix_effect: float | None
    tone_effect: float | None
    is_fictional: bool
    grain: Grain = "week"

    @property
    def id(self) -> str:
        """The digest's name in the ledger of deliveries: `just-dijon/2026-W47`, `just-dijon/2026-11`."""
        return f"{self.brand}/{iso(self.first) if self.grain == 'week' else f'{self.first:%Y-%m}'}"

    @property
    def own_days(self) -> tuple[Day, ...]:
        """The days of the period itself; the others are drawn before it."""
        return tuple(day for day in self.days if day.night >= self.first)

    @property
    def is_small(self) -> bool:
        """Whether too little was said, or by too few, for any figure to be printed."""
        volume = self.volume
        return (volume.mentions or 0) < LEAST_MENTIONS or (volume.authors or 0) < LEAST_AUTHORS

    @property
    def sent_at(self) -> datetime:
        """07:30 in Paris on the first Monday after: when it is due, and what its Date header says."""
        after = self.first + timedelta(days=7) if self.grain == "week" else next_month(self.first)
        return datetime.combine(after + timedelta(days=-after.weekday() % 7), SENT_AT, PARIS)


def iso(week: date) -> str:
    """An ISO week as it is written: 2026-W47."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02}"


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def month(text: str) -> date:
    """The first day of a month written `2026-11`. Raises ConfigError for anything else."""
    try:
        if len(text.strip()) != 7:
            raise ValueError(text)
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        raise ConfigError(f"{text!r} is not a month; write it as 2026-11") from None


def monday(text: str) -> date:
    """The Monday of a week written `2026-W47`. Raises ConfigError for anything else, and for weeks a year has not."""
    year, _, number = text.strip().upper().partition("-W")
    try:
        if not (len(year) == 4 and number.isdecimal() and len(number) == 2):
            raise ValueError(text)
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise ConfigError(f"{text!r} is not an ISO week; write it as 2026-W47") from None
