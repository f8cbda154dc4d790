"""Who wants no more mail of a brand, and who changed their mind: both are dated, and the last word holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Select, and_, insert, select, update

from pipeline.store import tables
from pipeline.store.database import reading, writing

_suppression = tables.suppression.c


def suppress(engine: Engine, recipient: int, brand: str, *, now: datetime) -> bool:
    """Send a recipient no more digests of `brand` (`*`: of any); False when they had asked before."""
    with writing(engine) as work:
        found = work.connection.execute(select(tables.suppression).where(_wish(recipient, brand))).first()
        if found is None:
            row = {"recipient_key": recipient, "brand": brand, "asked_at": now}
            work.connection.execute(insert(tables.suppression).values(row))
        elif found.undone_at is not None:
            again = update(tables.suppression).where(_wish(recipient, brand)).values(asked_at=now, undone_at=None)
            work.connection.execute(again)
        return found is None or found.undone_at is not None


def undo_suppress(engine: Engine, recipient: int, brand: str, *, now: datetime) -> bool:
    """Mail a recipient again, who asked for it; False when nothing kept them from it. The row stays, with its dates.

    What they asked of `*` and of one brand are two wishes: each is undone by itself.
    """
    held = and_(_wish(recipient, brand), _suppression.undone_at.is_(None))
    with writing(engine) as work:
        return work.connection.execute(update(tables.suppression).where(held).values(undone_at=now)).rowcount == 1


def suppressed(engine: Engine, recipient: int, brand: str) -> bool:
    """Whether a recipient wants no more digests of `brand`."""
    with reading(engine) as connection:
        return connection.execute(unsubscribed(recipient, brand)).first() is not None


def unsubscribed(recipient: int, brand: str) -> Select[tuple[str]]:
    """The question that a claim asks in its own transaction: rows mean no."""
    return select(_suppression.brand).where(
        _suppression.recipient_key == recipient, _suppression.brand.in_((brand, "*")), _suppression.undone_at.is_(None)
    )


def _wish(recipient: int, brand: str) -> ColumnElement[bool]:
    return and_(_suppression.recipient_key == recipient, _suppression.brand == brand)
