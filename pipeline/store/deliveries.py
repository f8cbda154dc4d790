"""The ledger of digests sent: claimed before the mail leaves, settled when the server has answered.

A row that stays `sending` is a delivery in doubt: the sender was killed, or the connection lost, after the mail may
have been taken. Nothing but a person's word or policy sends it again. The store holds no address, only keyed hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Engine, Row, and_, func, insert, or_, select, update

from pipeline.store import tables
from pipeline.store.database import Writing, reading, writing
from pipeline.store.keys import post_key
from pipeline.store.suppressions import unsubscribed

State = Literal["sending", "sent", "deferred", "refused", "bounced"]

# RFC 5321 gives a server ten minutes to answer the end of DATA: before that the other sender may still be alive.
GRACE = timedelta(minutes=10)

_delivery = tables.delivery.c


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim: `attempt` is the number to settle with, None when the mail must not be sent.

    `why` is new, again (deferred or in doubt, sent again), sent, refused, bounced, doubt or unsubscribed.
    """

    attempt: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest to one recipient. `code` is the last SMTP answer; `settled_at` is None while in doubt.

    `cleared_at` is when a person said that an address that bounced can be reached again.
    """

    digest: str
    recipient_key: int
    state: str
    message_id: str
    attempts: int
    code: int | None
    claimed_at: datetime
    settled_at: datetime | None
    cleared_at: datetime | None


def recipient_key(key: bytes, address: str) -> int:
    """The number of an address in [0, 2**63), whatever its case; without the key nobody can find whose it is."""
    return post_key(key, "mail", address.strip().casefold())


def claim(
    engine: Engine, digest: str, recipient: int, message_id: str, *, now: datetime, resend: bool = False
) -> Claim:
    """Take the right to send a digest (`brand/week`) to a recipient, once; of two senders at once one gets it.

    Whoever unsubscribed is refused in the same transaction, and whose mail of any digest bounced, until it is cleared.
    `resend` also takes what has been in doubt for `GRACE`.
    """
    brand = digest.split("/", 1)[0]
    with writing(engine) as work:
        if work.connection.execute(unsubscribed(recipient, brand)).first():
            return Claim(None, "unsubscribed")
        found = work.connection.execute(select(tables.delivery).where(_one(digest, recipient))).first()
        doubtful = found is not None and found.state == "sending"
        if found and found.state != "deferred" and not (doubtful and resend and found.claimed_at <= now - GRACE):
            return Claim(None, "doubt" if doubtful else found.state)
        if work.connection.execute(select(_delivery.digest).where(_bounced(recipient))).first():
            return Claim(None, "bounced")
        if found is None:
            row = {"digest": digest, "recipient_key": recipient, "state": "sending", "message_id": message_id}
            work.connection.execute(insert(tables.delivery).values(row | {"attempts": 1, "claimed_at": now}))
            return Claim(1, "new")
        return _again(work, found, now)


def settle(
    engine: Engine, digest: str, recipient: int, attempt: int, state: State, *, now: datetime, code: int | None = None
) -> bool:
    """Write the outcome of a claimed attempt; False when another attempt has taken its place meanwhile."""
    mine = and_(_one(digest, recipient), _delivery.state == "sending", _delivery.attempts == attempt)
    change = update(tables.delivery).where(mine).values(state=state, code=code, settled_at=now)
    with writing(engine) as work:
        return work.connection.execute(change).rowcount == 1


def bounce(engine: Engine, message_id: str, *, now: datetime, code: int | None = None) -> bool:
    """Note that a mail came back, by the Message-ID its report quotes; False when no such mail was sent."""
    change = update(tables.delivery).where(_delivery.message_id == message_id)
    with writing(engine) as work:
        done = work.connection.execute(change.values(state="bounced", code=code, settled_at=now, cleared_at=None))
        return done.rowcount > 0


def clear(engine: Engine, recipient: int, *, now: datetime) -> int:
    """Mail an address again of which something bounced: a person mended it; how many bounces are thereby settled."""
    change = update(tables.delivery).where(_bounced(recipient)).values(cleared_at=now)
    with writing(engine) as work:
        return work.connection.execute(change).rowcount


def confirm(engine: Engine, message_id: str | None = None, *, now: datetime) -> int:
    """Take as sent what is in doubt, one mail by its Message-ID or all: a person looked; how many there were."""
    mine = _delivery.state == "sending"
    if message_id is not None:
        mine = and_(mine, _delivery.message_id == message_id)
    with writing(engine) as work:
        change = update(tables.delivery).where(mine).values(state="sent", settled_at=now)
        return work.connection.execute(change).rowcount


def deliveries(engine: Engine, *, digest: str | None = None, state: State | None = None) -> list[Delivery]:
    """The deliveries, by digest and recipient; those of one digest or in one state (`sending` is in doubt)."""
    terms = [_delivery.digest == digest] if digest else []
    terms += [_delivery.state == state] if state else []
    query = select(tables.delivery).where(*terms).order_by(_delivery.digest, _delivery.recipient_key)
    with reading(engine) as connection:
        return [Delivery(**row._mapping) for row in connection.execute(query)]


def undelivered(engine: Engine, *, since: datetime) -> dict[State, int]:
    """How many deliveries wait for somebody, by state, none left out: in doubt and bounced until a person settles them.

    Those deferred or refused are counted when they were tried after `since`: a week that is past is not sent again.
    """
    open_ones = or_(
        _delivery.state == "sending",
        and_(_delivery.state == "bounced", _delivery.cleared_at.is_(None)),
        and_(_delivery.state.in_(("deferred", "refused")), _delivery.claimed_at >= since),
    )
    query = select(_delivery.state, func.count()).where(open_ones).group_by(_delivery.state)
    with reading(engine) as connection:
        found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    states: tuple[State, ...] = ("sending", "deferred", "refused", "bounced")
    return {state: found.get(state, 0) for state in states}


def _one(digest: str, recipient: int) -> ColumnElement[bool]:
    return and_(_delivery.digest == digest, _delivery.recipient_key == recipient)


def _bounced(recipient: int) -> ColumnElement[bool]:
    return and_(_delivery.recipient_key == recipient, _delivery.state == "bounced", _delivery.cleared_at.is_(None))


def _again(work: Writing, found: Row[tuple[object, ...]], now: datetime) -> Claim:
    """Take over a delivery that surely failed, or that a person says to repeat: same row, same Message-ID."""
    change = update(tables.delivery).where(_one(found.digest, found.recipient_key))
    values = {"state": "sending", "attempts": found.attempts + 1, "claimed_at": now, "settled_at": None}
    work.connection.execute(change.values(values))
    return Claim(int(found.attempts) + 1, "again")
