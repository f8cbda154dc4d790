"""The rows that a digest is told from, as the published file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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

    @property
    def told(self) -> float | None:
        """The change of a share or a mean between its values as they are printed, with two decimals (or as whole per
        cents): a reader who subtracts them must find the change that stands beside them.
        """
        if self.value is None or self.previous is None:
            return None
        return round(round(self.value, 2) - round(self.previous, 2), 2)

    @property
    def turn(self) -> str:
        """up or down where the change is more than chance and can be seen in what is printed, else same."""
        if not self.is_clear or not self.told:
            return "same"
        return "up" if self.told > 0 else "down"


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
class Tag:
    """A theme or an emotion read in the week's mentions: its share of those read, that of the week before, its tone."""

    kind: str
    tag: str
    share: float
    previous: float | None
    mentions: int
    tone: float | None
