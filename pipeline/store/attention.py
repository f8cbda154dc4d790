"""How often the articles on a territory were read: one number a brand, language and UTC day, unknown kept as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Engine, select

from pipeline.store import tables
from pipeline.store.database import reading, writing
from pipeline.store.rows import fit
from pipeline.store.sql import put

_row = tables.attention.c


@dataclass(frozen=True, slots=True)
class Attention:
    """Page views by people of a brand's articles in one Wikipedia on one UTC day; None is unknown, never zero."""

    brand: str
    lang: str
    day: date
    views: int | None


def save_attention(engine: Engine, rows: Sequence[Attention]) -> int:
    """Write what differs from what is kept, by brand, language and day; how many rows.

    What is known stays when it is not told again; a count that is told anew replaces the old one. The same rows again
    take no revision. Raises ValueError for a name that does not fit.
    """
    for column in ("brand", "lang"):
        fit(tables.attention, column, {getattr(row, column) for row in rows})
    if not rows:
        return 0
    told = {(row.brand, row.lang, row.day): row for row in rows}
    with writing(engine) as work:
        query = select(_row.brand, _row.lang, _row.day, _row.views).where(
            _row.brand.in_({row.brand for row in rows}),
            _row.day.between(min(row.day for row in rows), max(row.day for row in rows)),
        )
        kept = {(brand, lang, day): views for brand, lang, day, views in work.connection.execute(query)}
        fresh = [row for key, row in told.items() if key not in kept or row.views not in (None, kept[key])]
        return put(work, tables.attention, [asdict(row) for row in fresh])


def attention(
    engine: Engine, *, brand: str | None = None, since: date | None = None, until: date | None = None
) -> list[Attention]:
    """The rows by brand, language and day; `until` is included."""
    terms = [_row.brand == brand] if brand else []
    terms += [_row.day >= since] if since else []
    terms += [_row.day <= until] if until else []
    query = select(_row.brand, _row.lang, _row.day, _row.views).where(*terms)
    with reading(engine) as connection:
        return [Attention(*row) for row in connection.execute(query.order_by(_row.brand, _row.lang, _row.day))]
