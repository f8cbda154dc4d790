"""The completeness ledger: what was asked of each source for each night, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import Engine, and_, func, or_, select, update

from pipeline.model import LedgerRow
from pipeline.store import tables
from pipeline.store.database import Writing, reading, writing
from pipeline.store.rows import Row, fit, writable
from pipeline.store.sql import names, put

_row, _scope = tables.ledger.c, tables.ledger_scope.c

# Length of ledger.error.
_ERROR = 300

# The error of a night that was begun and has no end yet. What comes for it later is not late: it was never told whole.
NOT_FINISHED = "not finished: under way, or killed"

_WORST_FIRST = ("off", "failed", "budget", "partial", "complete")


def save_ledger(engine: Engine, rows: Sequence[LedgerRow], scope: Mapping[str, Sequence[str]]) -> None:
    """Write the rows by (source, brand, night, run), and the brands that each run of `scope` listened to.

    A night's answer gets better, never worse: complete, partial, budget, failed, off; of two that are cut short alike
    the one that fetched more stays. What is expected, late and paid is kept. Only what differs is written; a scope
    grows, it never shrinks. Raises ValueError for a name that does not fit.
    """
    for column in ("source", "brand", "run"):
        fit(tables.ledger, column, {getattr(row, column) for row in rows})
    fit(tables.ledger_scope, "brand", {brand for brands in scope.values() for brand in brands})
    given = {(row.source, row.brand, row.night, row.run): _values(row) for row in rows}
    listened = {(run, brand) for run, brands in scope.items() for brand in brands}
    with writing(engine) as work:
        wanted = names(tables.ledger)
        query = select(*(tables.ledger.c[name] for name in wanted)).where(
            _row.run.in_({row.run for row in rows}), _row.night.in_({row.night for row in rows})
        )
        kept = {
            (row.source, row.brand, row.night, row.run): dict(row._mapping) for row in work.connection.execute(query)
        }
        settled = {key: _settled(kept.get(key), row) for key, row in given.items()}
        put(work, tables.ledger, [row for key, row in settled.items() if row != kept.get(key)])
        heard = select(_scope.run, _scope.brand).where(_scope.run.in_(set(scope)))
        known = {(run, brand) for run, brand in work.connection.execute(heard)}
        put(work, tables.ledger_scope, [{"run": run, "brand": brand} for run, brand in listened - known])


def ledger(
    engine: Engine,
    *,
    source: str | None = None,
    brand: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[LedgerRow]:
    """The rows in the order of night, source, brand and run; `until` is included.

    With `brand` also the rows of `*` whose run listened to it.
    """
    terms = [_row.source == source] if source else []
    if brand:
        runs = select(_scope.run).where(_scope.brand == brand)
        terms.append(or_(_row.brand == brand, and_(_row.brand == "*", _row.run.in_(runs))))
    terms += [_row.night >= since] if since else []
    terms += [_row.night <= until] if until else []
    columns = [tables.ledger.c[name] for name in names(tables.ledger)]
    query = select(*columns).where(*terms).order_by(_row.night, _row.source, _row.brand, _row.run)
    with reading(engine) as connection:
        return [LedgerRow(**row._mapping) for row in connection.execute(query)]


def add_late(work: Writing, source: str, night: date, late: Mapping[str, int]) -> None:
    """Count posts that came after their night was asked for, by brand; not for a brand whose night never ended."""
    ended = or_(_row.error.is_(None), _row.error != NOT_FINISHED)
    where = (_row.source == source, _row.night == night, _row.run == "night", ended, _row.brand.in_(late))
    query = select(_row.brand, _row.late).where(*where)
    for brand, known in work.connection.execute(query).all():
        own = (*where[:4], _row.brand == brand)
        told = {"late": (known or 0) + late[brand], "revision": work.revision()}
        work.connection.execute(update(tables.ledger).where(*own).values(told))


def first_nights(engine: Engine, source: str) -> dict[str, date]:
    """The first night that a source was asked for, by brand; a night on which it was off is none."""
    terms = (_row.source == source, _row.run == "night", _row.status != "off")
    query = select(_row.brand, func.min(_row.night)).where(*terms).group_by(_row.brand)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def same_weekdays(engine: Engine, source: str, night: date, *, weeks: int) -> dict[str, list[int]]:
    """Mentions kept on the complete nights of the same weekday in the `weeks` before, by brand, newest first."""
    nights = [night - timedelta(weeks=week) for week in range(1, weeks + 1)]
    terms = (_row.source == source, _row.night.in_(nights), _row.run == "night", _row.status == "complete")
    query = select(_row.brand, _row.kept).where(*terms).order_by(_row.brand, _row.night.desc())
    found: dict[str, list[int]] = {}
    with reading(engine) as connection:
        for brand, kept in connection.execute(query):
            found.setdefault(brand, []).append(kept)
    return found


def _settled(stored: Row | None, told: Row) -> Row:
    """The row after another try at the same night."""
    if stored is None:
        return told
    better = stored if _rank(stored) > _rank(told) else told
    return better | {
        "expected": told["expected"] if told["expected"] is not None else stored["expected"],
        "late": stored["late"] if stored["late"] is not None else better["late"],
        "cost_micros": max(stored["cost_micros"], told["cost_micros"]),
    }


def _rank(row: Row) -> tuple[int, int]:
    status = _WORST_FIRST.index(row["status"])
    return status, 0 if row["status"] == "complete" else row["fetched"]


def _values(row: LedgerRow) -> Row:
    return asdict(row) | {"error": writable(row.error)[:_ERROR] if row.error else None}
