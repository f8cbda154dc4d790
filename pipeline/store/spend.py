"""What sources cost this month, set aside before a call is made: a crash can only count too much, never too little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from sqlalchemy import Connection, Engine, select

from pipeline.collect import Cost
from pipeline.errors import BudgetError
from pipeline.model.budget import Caps, pour, split
from pipeline.store import tables
from pipeline.store.database import Writing, reading, writing
from pipeline.store.rows import fit
from pipeline.store.sql import names, put

KINDS = tuple(field.name for field in fields(Cost))

# What each brand pays.
Charges = dict[str, Cost]

_spend = tables.spend.c


def shares(caps: Caps, brands: Sequence[str]) -> dict[str, Caps]:
    """Each brand's part of the caps: equal, the odd ones going to the first by name; they sum to the caps."""
    ordered, shared = sorted(brands), {brand: Caps() for brand in brands}
    for kind in KINDS:
        if (most := getattr(caps, kind)) is not None:
            shared = {b: replace(shared[b], **{kind: part}) for b, part in split(most, ordered).items()}
    return shared


def charge(
    cost: Cost, brands: Sequence[str], spent: Mapping[str, Cost], caps: Caps, share: Mapping[str, Caps]
) -> Charges:
    """Who pays what of `cost`, given what is `spent` this month. Raises BudgetError where it would overspend.

    The brands named pay equally, and none more than its `share`; where none that has one is named, all of `share` that
    still have room do. Brands no longer listened to have no share, but what they spent is spent.
    """
    named = [brand for brand in brands if brand in share]
    payers = named or list(share)
    parts: dict[str, dict[str, int]] = {brand: {} for brand in payers}
    for kind in KINDS:
        total, most = getattr(cost, kind), getattr(caps, kind)
        if total and most is not None and total + sum(getattr(one, kind) for one in spent.values()) > most:
            raise BudgetError(f"{_said(kind)}; {_CURE}")
        room = {b: _room(share[b], spent.get(b, Cost()), kind) for b in payers}
        paid = _level(total, room) if named else pour(total, room)
        if paid is None:
            raise BudgetError(f"{_said(kind)} for {_listed(payers)}; {_CURE}")
        for brand, part in paid.items():
            parts[brand][kind] = part
    return {brand: Cost(**part) for brand, part in parts.items() if any(part.values())}


_CURE = "raise RAYONNER_BUDGET or wait for the next month"


def _said(kind: str) -> str:
    return f"what is left of this month's {'money' if kind == 'micros' else kind} does not pay the next call"


def _listed(brands: Sequence[str]) -> str:
    return ", ".join(brands[:3]) + (f" and {len(brands) - 3} more" if len(brands) > 3 else "")


def _room(share: Caps, spent: Cost, kind: str) -> int | None:
    most: int | None = getattr(share, kind)
    return None if most is None else max(most - getattr(spent, kind), 0)


def _level(total: int, room: Mapping[str, int | None]) -> dict[str, int] | None:
    """Equal parts, the odd ones paid by whoever has most room; None when a part does not fit."""
    widest = sorted(room, key=lambda name: (-(float("inf") if (r := room[name]) is None else r), name))
    paid = split(total, widest)
    return paid if all((r := room[name]) is None or part <= r for name, part in paid.items()) else None


def reserve(
    engine: Engine,
    source: str,
    month: str,
    cost: Cost,
    *,
    brands: Sequence[str],
    caps: Caps,
    share: Mapping[str, Caps],
) -> Charges:
    """Set `cost` aside for `source` in `month` (UTC, 2026-11), in one transaction; who pays what.

    Raises BudgetError, having written nothing, where it would go over `caps` or a payer over its `share`.
    """
    fit(tables.spend, "source", [source])
    fit(tables.spend, "brand", share)
    with writing(engine) as work:
        held = _held(work.connection, source, month)
        charges = charge(cost, brands, held, caps, share)
        _add(work, source, month, held, charges, 1)
    return charges


def release(engine: Engine, source: str, month: str, charges: Charges) -> None:
    """Give back what was set aside and not spent after all; no brand's spending goes below zero."""
    with writing(engine) as work:
        _add(work, source, month, _held(work.connection, source, month), charges, -1)


def spent(engine: Engine, month: str) -> dict[str, dict[str, Cost]]:
    """What was spent or is set aside in a month: source -> brand -> cost."""
    wanted = [tables.spend.c[name] for name in names(tables.spend) if name != "month"]
    query = select(*wanted).where(_spend.month == month).order_by(_spend.source, _spend.brand)
    found: dict[str, dict[str, Cost]] = {}
    with reading(engine) as connection:
        for source, brand, *amounts in connection.execute(query):
            found.setdefault(source, {})[brand] = Cost(**dict(zip(KINDS, amounts, strict=True)))
    return found


def total(costs: Mapping[str, Cost]) -> Cost:
    """The sum over brands."""
    return Cost(**{kind: sum(getattr(cost, kind) for cost in costs.values()) for kind in KINDS})


def _held(connection: Connection, source: str, month: str) -> dict[str, Cost]:
    wanted = [_spend.brand, *(_spend[kind] for kind in KINDS)]
    query = select(*wanted).where(_spend.source == source, _spend.month == month)
    return {brand: Cost(**dict(zip(KINDS, rest, strict=True))) for brand, *rest in connection.execute(query)}


def _add(
    work: Writing, source: str, month: str, held: Mapping[str, Cost], charges: Mapping[str, Cost], sign: int
) -> None:
    after = {
        brand: {kind: max(0, getattr(held.get(brand, Cost()), kind) + sign * getattr(cost, kind)) for kind in KINDS}
        for brand, cost in charges.items()
    }
    put(work, tables.spend, [{"source": source, "month": month, "brand": brand} | row for brand, row in after.items()])
