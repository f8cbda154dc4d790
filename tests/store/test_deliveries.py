"""Claims are exclusive, outcomes are kept, doubts stay until a person or a policy settles them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pipeline import store
from pipeline.store import tables
from pipeline.store.deliveries import GRACE

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
DIGEST, ID = "just-dijon/2026-W47", "<digest.1@example.org>"


@pytest.fixture
def engine(url: str) -> store.Engine:
    engine = store.connect(url)
    store.migrate(engine)
    return engine


def claim(
    engine: store.Engine, recipient: int = 1, *, later: timedelta = timedelta(0), resend: bool = False
) -> store.Claim:
    return store.claim(engine, DIGEST, recipient, ID, now=NOW + later, resend=resend)


def test_one_of_many_at_once_gets_the_claim(engine: store.Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: claim(engine), range(8)))
    assert sorted(c.why for c in got) == ["doubt"] * 7 + ["new"]


def test_what_was_sent_is_never_claimed_again(engine: store.Engine) -> None:
    assert claim(engine).attempt == 1
    assert store.settle(engine, DIGEST, 1, 1, "sent", now=NOW, code=250)
    assert claim(engine, resend=True, later=GRACE) == store.Claim(None, "sent")
    (row,) = store.deliveries(engine)
    assert (row.state, row.code, row.attempts, row.message_id, row.claimed_at) == ("sent", 250, 1, ID, NOW)


def test_a_deferred_mail_is_tried_again_and_a_refused_one_is_not(engine: store.Engine) -> None:
    for recipient, state in ((1, "deferred"), (2, "refused")):
        claim(engine, recipient)
        store.settle(engine, DIGEST, recipient, 1, state, now=NOW, code=451)  # type: ignore[arg-type]
    assert claim(engine, 1) == store.Claim(2, "again")
    assert claim(engine, 2) == store.Claim(None, "refused")


def test_a_doubt_is_listed_and_only_resent_when_asked_and_its_sender_is_surely_gone(engine: store.Engine) -> None:
    claim(engine)
    assert len(store.deliveries(engine, state="sending")) == 1
    assert claim(engine, later=GRACE) == store.Claim(None, "doubt")
    assert claim(engine, resend=True) == store.Claim(None, "doubt")
    assert claim(engine, resend=True, later=GRACE) == store.Claim(2, "again")
    # The sender that was thought dead comes back: its outcome belongs to an attempt that is no longer the last.
    assert not store.settle(engine, DIGEST, 1, 1, "sent", now=NOW)
    assert store.settle(engine, DIGEST, 1, 2, "sent", now=NOW)
    assert store.deliveries(engine, state="sending") == []


def test_a_person_may_take_doubts_as_sent(engine: store.Engine) -> None:
    for recipient in (1, 2):
        claim(engine, recipient)
    assert store.confirm(engine, "<other@example.org>", now=NOW) == 0
    assert store.confirm(engine, now=NOW) == 2
    assert {row.state for row in store.deliveries(engine, digest=DIGEST)} == {"sent"}


def test_whoever_unsubscribed_is_never_claimed(engine: store.Engine) -> None:
    assert store.suppress(engine, 1, "just-dijon", now=NOW)
    assert not store.suppress(engine, 1, "just-dijon", now=NOW)
    store.suppress(engine, 2, "*", now=NOW)
    store.suppress(engine, 3, "troyes", now=NOW)
    assert [claim(engine, recipient).why for recipient in (1, 2, 3)] == ["unsubscribed", "unsubscribed", "new"]
    assert [store.suppressed(engine, recipient, "just-dijon") for recipient in (1, 2, 3)] == [True, True, False]


def test_a_bounce_is_noted_by_its_message_id(engine: store.Engine) -> None:
    claim(engine)
    store.settle(engine, DIGEST, 1, 1, "sent", now=NOW)
    assert store.bounce(engine, ID, now=NOW, code=550) and not store.bounce(engine, "<x@y>", now=NOW)
    assert claim(engine, resend=True, later=GRACE) == store.Claim(None, "bounced")


def test_an_address_that_bounced_is_claimed_by_no_digest_until_a_person_clears_it(engine: store.Engine) -> None:
    claim(engine)
    store.settle(engine, DIGEST, 1, 1, "sent", now=NOW)
    store.bounce(engine, ID, now=NOW)
    for digest in ("just-dijon/2026-W48", "troyes/2026-W48", "just-dijon/alert/2026-11-24"):
        assert store.claim(engine, digest, 1, "<n@x>", now=NOW) == store.Claim(None, "bounced")
        assert store.claim(engine, digest, 2, "<o@x>", now=NOW).why == "new"
    assert store.clear(engine, 1, now=NOW + GRACE) == 1 and store.clear(engine, 1, now=NOW + GRACE) == 0
    assert store.claim(engine, "just-dijon/2026-W48", 1, "<n@x>", now=NOW).why == "new"
    assert claim(engine) == store.Claim(None, "bounced"), "what came back is over"
    (row,) = store.deliveries(engine, state="bounced")
    assert row.cleared_at == NOW + GRACE, "when it was cleared is kept"
    assert store.bounce(engine, ID, now=NOW + 2 * GRACE), "it comes back again"
    assert store.claim(engine, "just-dijon/2026-W49", 1, "<p@x>", now=NOW) == store.Claim(None, "bounced")


def test_what_was_deferred_before_its_address_bounced_is_not_tried_again(engine: store.Engine) -> None:
    claim(engine)
    store.settle(engine, DIGEST, 1, 1, "deferred", now=NOW)
    store.claim(engine, "troyes/2026-W47", 1, "<t@x>", now=NOW)
    store.bounce(engine, "<t@x>", now=NOW)
    assert claim(engine) == store.Claim(None, "bounced")
    store.clear(engine, 1, now=NOW)
    assert claim(engine) == store.Claim(2, "again")


def test_the_way_back_is_dated_and_the_last_wish_holds(engine: store.Engine) -> None:
    assert not store.undo_suppress(engine, 1, "just-dijon", now=NOW), "nothing kept them from it"
    store.suppress(engine, 1, "just-dijon", now=NOW)
    store.suppress(engine, 2, "just-dijon", now=NOW)
    assert store.undo_suppress(engine, 1, "just-dijon", now=NOW + GRACE)
    assert not store.undo_suppress(engine, 1, "just-dijon", now=NOW + 2 * GRACE)
    assert [claim(engine, recipient).why for recipient in (1, 2)] == ["new", "unsubscribed"]
    assert wishes(engine) == [(1, NOW, NOW + GRACE), (2, NOW, None)], "both dates are kept"
    assert store.suppress(engine, 1, "just-dijon", now=NOW + 3 * GRACE)
    assert store.suppressed(engine, 1, "just-dijon")
    assert wishes(engine)[0] == (1, NOW + 3 * GRACE, None)


def test_a_wish_for_every_brand_is_undone_by_itself(engine: store.Engine) -> None:
    store.suppress(engine, 1, "*", now=NOW)
    assert not store.undo_suppress(engine, 1, "just-dijon", now=NOW)
    assert claim(engine).why == "unsubscribed"
    assert store.undo_suppress(engine, 1, "*", now=NOW) and claim(engine).why == "new"


def wishes(engine: store.Engine) -> list[tuple[object, ...]]:
    columns = tables.suppression.c
    with engine.connect() as connection:
        query = select(columns.recipient_key, columns.asked_at, columns.undone_at).order_by(columns.recipient_key)
        return [tuple(row) for row in connection.execute(query)]


def test_what_waits_for_somebody_is_counted_by_state(engine: store.Engine) -> None:
    states = ("sent", "deferred", "refused", "bounced", "bounced", "sending")
    for recipient, state in enumerate(states):
        store.claim(engine, DIGEST, recipient, f"<{recipient}@x>", now=NOW)
        if state != "sending":
            store.settle(engine, DIGEST, recipient, 1, state, now=NOW)  # type: ignore[arg-type]
    assert store.undelivered(engine, since=NOW) == {"sending": 1, "deferred": 1, "refused": 1, "bounced": 2}
    store.clear(engine, 3, now=NOW)
    later = NOW + timedelta(days=30)
    assert store.undelivered(engine, since=later) == {"sending": 1, "deferred": 0, "refused": 0, "bounced": 1}


def test_an_address_has_one_number_whatever_its_case_and_none_without_the_key() -> None:
    key = b"k" * 32
    assert store.recipient_key(key, " Equipe@Example.org") == store.recipient_key(key, "equipe@example.org")
    assert store.recipient_key(key, "a@b.org") != store.recipient_key(b"x" * 32, "a@b.org")
