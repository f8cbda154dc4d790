"""Hands digests to the mail server, one recipient at a time: claimed, sent, settled, and never sent twice."""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline import store
from pipeline.errors import ConfigError
from pipeline.report.relay import Relay
from pipeline.report.server import connected

log = logging.getLogger(__name__)

# Many servers hang up after a hundred messages; a fresh connection costs 50 ms.
A_CONNECTION = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to hand over. `wire` is its bytes, made only when its turn has come."""

    digest: str
    recipient_key: int
    to: str
    message_id: str
    wire: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one hand-over: `lost` is not known, for the connection went after the mail did.

    `barred` is a no to the sender, which is no fault of this recipient's and would meet everyone.
    """

    state: Literal["sent", "deferred", "refused", "lost", "barred"]
    code: int | None = None


def deliver(
    engine: store.Engine, relay: Relay, letters: Sequence[Letter], *, now: Callable[[], datetime], resend: bool = False
) -> Counter[str]:
    """Send each letter not sent yet; how many were sent, deferred, refused, doubt, unsubscribed, bounced, already.

    `resend` also sends those in doubt again, with the same Message-ID. Raises UnavailableError when the server does
    not answer and CredentialError when it refuses the account: the letters not reached are not claimed.
    """
    done: Counter[str] = Counter()
    waiting = _waiting(engine, letters, resend, done)
    for start in range(0, len(waiting), A_CONNECTION):
        _deliver(engine, relay, waiting[start : start + A_CONNECTION], now, resend, done)
    log.info("digests: %s", ", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "nothing to send")
    return done


def _waiting(engine: store.Engine, letters: Sequence[Letter], resend: bool, done: Counter[str]) -> list[Letter]:
    """The letters worth a connection; the claim has the last word."""
    over = {"sent", "refused", "bounced"} | (set() if resend else {"sending"})
    held = {
        (row.digest, row.recipient_key): row.state
        for digest in {letter.digest for letter in letters}
        for row in store.deliveries(engine, digest=digest)
    }
    waiting = []
    for letter in letters:
        state = held.get((letter.digest, letter.recipient_key))
        if state in over:
            done["doubt" if state == "sending" else "already"] += 1
        else:
            waiting.append(letter)
    return waiting


def _deliver(
    engine: store.Engine,
    relay: Relay,
    letters: Sequence[Letter],
    now: Callable[[], datetime],
    resend: bool,
    done: Counter[str],
) -> None:
    """Send over one connection, and over a new one after it was lost."""
    left = list(letters)
    while left:
        with connected(relay) as smtp:
            while left:
                letter = left.pop(0)
                answer = _one(engine, smtp, relay, letter, now, resend, done)
                if answer is not None and (answer.state == "lost" or answer.code in {None, 421}):
                    break


def _one(
    engine: store.Engine,
    smtp: smtplib.SMTP,
    relay: Relay,
    letter: Letter,
    now: Callable[[], datetime],
    resend: bool,
    done: Counter[str],
) -> Answer | None:
    """Claim, hand over, settle. A kill before the last leaves the delivery in doubt, which is what it then is."""
    key = (letter.digest, letter.recipient_key)
    wire = letter.wire()  # before the claim: a mail that cannot be written is nobody's doubt
    claim = store.claim(engine, *key, letter.message_id, now=now(), resend=resend)
    if claim.attempt is None:
        done[claim.why if claim.why in {"doubt", "unsubscribed", "bounced"} else "already"] += 1
        return None
    answer = hand_over(smtp, relay.sender, letter.to, wire)
    if answer.state == "lost":
        done["doubt"] += 1
        return answer
    state = "deferred" if answer.state == "barred" else answer.state
    store.settle(engine, *key, claim.attempt, state, now=now(), code=answer.code)
    if answer.state == "barred":
        where = f"{relay.host}:{relay.port}"
        raise ConfigError(f"{where} takes no mail from RAYONNER_SMTP_FROM with this account (answer {answer.code})")
    done[state] += 1
    return answer


def hand_over(smtp: smtplib.SMTP, sender: str, to: str, wire: bytes) -> Answer:
    """Give one mail to the server, step by step, so that what is certain is told from what is not.

    Until DATA a lost connection means that nothing left (`deferred`); from DATA on nobody knows (`lost`).
    """
    try:
        code, _ = smtp.mail(sender)
        if code != 250:
            return Answer("deferred" if 400 <= code < 500 else "barred", code)
        code, _ = smtp.rcpt(to)
        if code not in (250, 251):
            smtp.rset()
            return _refusal(code)
    except UnicodeEncodeError:
        return Answer("refused")
    except (OSError, smtplib.SMTPServerDisconnected):
        return Answer("deferred")
    try:
        code, _ = smtp.data(wire)
    except smtplib.SMTPDataError as refusal:
        return _refusal(refusal.smtp_code)
    except (OSError, smtplib.SMTPServerDisconnected):
        return Answer("lost")
    return Answer("sent", code) if code == 250 else _refusal(code)


def _refusal(code: int) -> Answer:
    """4xx: later; anything else that is not yes: no, for good."""
    return Answer("deferred", code) if 400 <= code < 500 else Answer("refused", code)
