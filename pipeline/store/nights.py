"""The completeness ledger: what was asked of each source for each night, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Engine, and_, or_, select

from pipeline.model import LedgerRow
from pipeline.store import tables
from pipeline.store.database import reading, writing
from pipeline.store.rows import fit, writable
from pipeline.store.sql import names, put

_row, _scope = tables.ledger.c, tables.ledger_scope.c

# Length of ledger.error.
_ERROR = 300


def save_ledger(engine: Engine, rows: Sequence[LedgerRow], scope: Mapping[str, Sequence[str]]) -> None:
    """Write the rows by (source, brand, night, run), and the brands that each run of `scope` listened to.

    Only what differs is written; a scope grows, it never shrinks. Raises ValueError for a name that does not fit.
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
        put(work, tables.ledger, [row for key, row in given.items() if row != kept.get(key)])
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


def _values(row: LedgerRow) -> dict[str, object]:
    return asdict(row) | {"error": writable(row.error)[:_ERROR] if row.error else None}
