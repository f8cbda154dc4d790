"""What a source may cost in a month, and how it is divided: whole numbers, nothing lost and nothing added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

HOW = "write x:money=50,posts=10000;youtube:units=200000"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that a source may cost in a UTC month; None is no cap. `micros` are millionths of its currency."""

    requests: int | None = None
    posts: int | None = None
    units: int | None = None
    micros: int | None = None


def caps(text: str, known: Sequence[str]) -> dict[str, Caps]:
    """Read `source:kind=number,...;source:...`; kinds are requests, posts, units and money (in the currency).

    Raises ValueError that says what to write instead, for a source that is not `known` too.
    """
    read: dict[str, Caps] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        source, colon, given = part.partition(":")
        if not colon or not source.strip() or source.strip() in read:
            raise ValueError(f"{part!r} does not name one source, once: {HOW}")
        if source.strip() not in known:
            raise ValueError(f"no source is called {source.strip()!r}; there are: {', '.join(known)}")
        read[source.strip()] = _caps(given)
    return read


def _caps(given: str) -> Caps:
    read: dict[str, int] = {}
    for part in given.split(","):
        kind, _, number = (side.strip() for side in part.partition("="))
        name = "micros" if kind == "money" else kind
        if kind not in {"requests", "posts", "units", "money"} or name in read:
            raise ValueError(f"{part.strip()!r} is not requests=, posts=, units= or money=, each once: {HOW}")
        read[name] = _amount(kind, number)
    return Caps(**read)


def _amount(kind: str, number: str) -> int:
    """The number as a whole one: money in millionths, what is finer rounded down so that it cannot overspend."""
    try:
        amount = Decimal(number) if number.isascii() else Decimal("nan")
    except InvalidOperation:
        amount = Decimal("nan")
    whole = amount.is_finite() and (kind == "money" or amount == int(amount))
    if not whole or not 0 <= amount < 10**12:
        sort = "a number such as 50 or 12.50" if kind == "money" else "a whole number"
        raise ValueError(f"{kind}={number!r} is no amount: give {sort}, 0 or more")
    return int(amount * 1_000_000) if kind == "money" else int(amount)


def split(total: int, among: Sequence[str]) -> dict[str, int]:
    """`total` in parts that differ by one at most, the first ones the greater; their sum is `total`."""
    part, more = divmod(total, len(among))
    return {name: part + (place < more) for place, name in enumerate(among)}


def pour(total: int, room: Mapping[str, int | None]) -> dict[str, int] | None:
    """`total` in parts as level as `room` lets them be, none over its room (None: without end); None if it overflows.

    Where room runs out the others take the rest; what cannot be level goes where there is most room.
    """
    poured, left = dict.fromkeys(room, 0), total
    taking = sorted(room, key=lambda name: (-_most(room[name]), name))
    while left and taking:
        for name, part in split(left, taking).items():
            fits = int(min(part, _most(room[name]) - poured[name]))
            poured[name] += fits
            left -= fits
        # Whoever got one more in this round comes last in the next.
        taking = sorted((name for name in taking if poured[name] < _most(room[name])), key=lambda name: poured[name])
    return None if left else poured


def _most(room: int | None) -> float | int:
    return float("inf") if room is None else max(room, 0)
