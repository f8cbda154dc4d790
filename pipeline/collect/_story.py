"""The calendar of the fictional sample: which nights it tells, how much is said of each place, and what happens."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from pipeline.model import Label

FIRST = date(2026, 1, 5)  # a Monday
LAST = date(2026, 5, 31)  # a Sunday, 147 nights later
OUTAGE = frozenset({date(2026, 3, 17), date(2026, 3, 18)})

# Monday to Sunday, as in most social listening: people write at work, most of all before the week-end.
_WEEKDAYS = (1.0, 1.02, 1.0, 1.08, 1.16, 0.92, 0.82)
_GROWTH = 0.35  # over the whole story: a young audience that grows


@dataclass(frozen=True, slots=True)
class Place:
    """A place and the words its posts are made of; `mood` weighs praise, complaint, plain words and other matters."""

    brand: str
    each_night: float
    name: tuple[str, ...]
    at: tuple[str, ...]
    of: tuple[str, ...]
    en: tuple[str, ...]
    en_at: tuple[str, ...]
    brand_name: str
    tags: tuple[str, ...]
    handle: str
    spots: tuple[str, ...]
    foods: tuple[str, ...]
    events: tuple[str, ...]
    mood: tuple[float, ...] = (0.30, 0.12, 0.23, 0.35)


@dataclass(frozen=True, slots=True)
class Episode:
    """Days, both included, when one place is talked about more and in particular words."""

    name: str
    brand: str
    first: date
    last: date
    volume: float
    tone: Label
    texts: tuple[str, ...]


@cache
def read(name: str) -> dict[str, Any]:
    """One file of the sample's words."""
    return tomllib.loads((Path(__file__).parent / "_sample" / f"{name}.toml").read_text("utf-8"))


@cache
def places() -> tuple[Place, ...]:
    """The nine places, in the order of the file."""
    return tuple(msgspec.convert({"brand": brand} | words, Place) for brand, words in read("places").items())


@cache
def episodes() -> tuple[Episode, ...]:
    """The quarrel of March and the campaign of April."""
    return tuple(msgspec.convert({"name": name} | read("hard")[name], Episode) for name in ("uproar", "campaign"))


def told(night: date) -> bool:
    """Whether the story has something to tell of this night."""
    return FIRST <= night <= LAST


def how_many(place: Place, night: date, draw: Random) -> int:
    """The number of ordinary posts about a place on a night: growth, weekday, chance."""
    grown = 1 + _GROWTH * ((night - FIRST).days / (LAST - FIRST).days - 0.5)
    mean = place.each_night * grown * _WEEKDAYS[night.weekday()]
    # Counts of posts vary more than a Poisson law: the standard deviation is 1.2 times its own.
    return max(0, round(draw.gauss(mean, 1.2 * mean**0.5)))


def happening(night: date) -> list[Episode]:
    """The episodes under way on a night."""
    return [episode for episode in episodes() if episode.first <= night <= episode.last]
