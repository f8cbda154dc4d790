"""What one digest says: a brand's ISO week as rows of the published file, typed, and nothing computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pipeline.errors import ConfigError
from pipeline.model import PARIS

# Below these nothing but that is said: figures would describe persons, not a territory.
LEAST_MENTIONS, LEAST_AUTHORS = 10, 5

# Readers open it with the first coffee of the week; also the Date of the mail, whenever it really leaves.
SENT_AT = time(7, 30)


@dataclass(frozen=True, slots=True)
class Volume:
    """A week's mentions. `like` compares the nights complete in both weeks; `usual` is the range of such a week.
    `change` is a share (0.12 is +12 %); None is unknown. `complete` of `nights` nights were collected in full.
    """

    mentions: int | None
    by_name: int | None
    authors: int | None
    nights: int
    complete: int
    like: int | None
    like_previous: int | None
    like_nights: int
    change: float | None
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    previous_by_name: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of the week with its 95 % interval, n, and change since the week before with its own interval.

    `change_share` is for sums alone (0.12 is +12 %); `is_clear` is whether the change is more than chance, None where
    that cannot be said.
    """

    metric: str
    version: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    previous: float | None
    change: float | None
    change_share: float | None
    change_low: float | None
    change_high: float | None
    is_clear: bool | None


@dataclass(frozen=True, slots=True)
class Day:
    """One night; None mentions is one not collected in full, `status` says why."""

    night: date
    status: str
    mentions: int | None
    usual: float | None


@dataclass(frozen=True, slots=True)
class Source:
    """One source in the week: mentions, tone toward the territory, and its part in the change of tone."""

    source: str
    mentions: int | None
    previous: int | None
    scored: int | None
    tone: float | None
    tone_low: float | None
    tone_high: float | None
    mix_effect: float | None
    tone_effect: float | None


@dataclass(frozen=True, slots=True)
class Peer:
    """One member of the peer set: its share of voice in [0, 1]; `is_tied` when it cannot be told from the brand's."""

    slug: str
    name: str
    mentions: int
    share: float
    share_low: float
    share_high: float
    tone: float | None
    is_tied: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One post worth opening. `text` is None where terms forbid to mail it; `echo` is how often it was posted."""

    source: str
    kind: str
    toward: str | None
    text: str | None
    url: str
    interactions: int | None
    views: int | None
    echo: int
    night: date


@dataclass(frozen=True, slots=True)
class Gap:
    """A source, nights it did not answer in full, the worst status among them; source `*` is nights that never ran."""

    source: str
    status: str
    nights: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that runs in the week: mean mentions a night since its start, and in the 28 nights before it.

    `by_name` of `mentions` use the brand's own name. None where too few nights are complete.
    """

    name: str
    start: date
    end: date | None
    nights: int
    mentions: int | None
    by_name: int | None
    a_night: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one mail says of `brand` in the ISO week that starts on `week`, whoever receives it."""

    brand: str
    name: str
    territory: str
    week: date
    volume: Volume
    figures: Mapping[str, Figure]
    days: tuple[Day, ...]
    sources: tuple[Source, ...]
    peers: tuple[Peer, ...]
    gaps: tuple[Gap, ...]
    campaigns: tuple[Running, ...]
    peak: Said | None
    answer: tuple[Said, ...]
    thanks: tuple[Said, ...]
    mix_effect: float | None
    tone_effect: float | None
    is_fictional: bool

    @property
    def id(self) -> str:
        """The digest's name in the ledger of deliveries: `just-dijon/2026-W47`."""
        return f"{self.brand}/{iso(self.week)}"

    @property
    def own_days(self) -> tuple[Day, ...]:
        """The seven days of the week itself; the others are drawn before it."""
        return tuple(day for day in self.days if day.night >= self.week)

    @property
    def is_small(self) -> bool:
        """Whether too little was said, or by too few, for any figure to be printed."""
        volume = self.volume
        return (volume.mentions or 0) < LEAST_MENTIONS or (volume.authors or 0) < LEAST_AUTHORS

    @property
    def sent_at(self) -> datetime:
        """07:30 in Paris on the Monday after: when it is due, and what its Date header says."""
        return datetime.combine(self.week + timedelta(days=7), SENT_AT, PARIS)


def iso(week: date) -> str:
    """An ISO week as it is written: 2026-W47."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02}"


def monday(text: str) -> date:
    """The Monday of a week written `2026-W47`. Raises ConfigError for anything else, and for weeks a year has not."""
    year, _, number = text.strip().upper().partition("-W")
    try:
        if not (len(year) == 4 and number.isdecimal() and len(number) == 2):
            raise ValueError(text)
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise ConfigError(f"{text!r} is not an ISO week; write it as 2026-W47") from None
