"""A mail server that misbehaves in every way it can, and a sender that is killed: nobody receives two, none is lost."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from pipeline import store
from pipeline.errors import ConfigError, UnavailableError
from pipeline.report import server
from pipeline.report.relay import Relay
from pipeline.store.deliveries import GRACE
from tests.report import sender
from tests.report.mailbox import Mailbox, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    store.migrate(store.connect(url))
    return url


def test_each_is_sent_once_and_a_second_run_sends_nothing(url: str, port: int, box: Mailbox) -> None:
    assert sender.deliver(url, port, 20) == {"sent": 20}
    assert sender.deliver(url, port, 20) == {"already": 20}
    assert box.held == {f"<digest.{n}@example.org>": 1 for n in range(20)}


def test_each_fault_is_settled_for_its_own_recipient(
    url: str, port: int, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "pipeline")
    plans = ("451 rcpt", "550 rcpt", "lost rcpt", "451 data", "554 data", "lost after", "")
    box.plan = {f"r{number}@example.org": plan for number, plan in enumerate(plans) if plan}
    assert sender.deliver(url, port, 7) == {"deferred": 3, "refused": 2, "doubt": 1, "sent": 1}
    rows = store.deliveries(store.connect(url))
    assert [(row.state, row.code) for row in rows] == [
        ("deferred", 451), ("refused", 550), ("deferred", None), ("deferred", 451), ("refused", 554),
        ("sending", None), ("sent", 250),
    ]  # fmt: skip
    box.plan = {}
    assert sender.deliver(url, port, 7) == {"sent": 3, "already": 3, "doubt": 1}
    assert max(box.held.values()) == 1 and len(box.held) == 5
    # The test's own server writes what it hears under `mail.log`, at a level that other tests may have set.
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert ours and not any("@" in line for line in ours)


def test_a_doubt_is_sent_again_only_when_asked_with_the_same_message_id(url: str, port: int, box: Mailbox) -> None:
    box.plan = {"r0@example.org": "lost after"}
    assert sender.deliver(url, port, 1) == {"doubt": 1}
    box.plan = {}
    assert sender.deliver(url, port, 1, now=sender.NOW + GRACE) == {"doubt": 1}
    assert sender.deliver(url, port, 1, resend=True) == {"doubt": 1}  # its sender may still be alive
    assert sender.deliver(url, port, 1, now=sender.NOW + GRACE, resend=True) == {"sent": 1}
    assert box.held == {"<digest.0@example.org>": 2}


def test_whoever_unsubscribed_receives_nothing(url: str, port: int, box: Mailbox) -> None:
    store.suppress(store.connect(url), 1, "just-dijon", now=sender.NOW)
    assert sender.deliver(url, port, 3) == {"sent": 2, "unsubscribed": 1}
    assert "<digest.1@example.org>" not in box.held


def test_a_no_to_the_sender_marks_nobody_as_refused(url: str, port: int, box: Mailbox) -> None:
    box.plan = {"mail": "550 not from you"}
    with pytest.raises(ConfigError, match="takes no mail from RAYONNER_SMTP_FROM"):
        sender.deliver(url, port, 2)
    box.plan = {"mail": "450 wait"}
    assert sender.deliver(url, port, 2) == {"deferred": 2}
    box.plan = {}
    assert sender.deliver(url, port, 2) == {"sent": 2}


def test_a_silent_server_leaves_everything_to_be_tried_again(url: str) -> None:
    with pytest.raises(UnavailableError, match="does not answer"):
        sender.deliver(url, free_port(), 3)
    assert store.deliveries(store.connect(url)) == []


def test_a_server_without_starttls_is_not_spoken_to(port: int) -> None:
    with pytest.raises(ConfigError, match="does not offer"), server.connected(Relay("127.0.0.1", port)):
        pass


def test_a_sender_killed_at_any_step_sends_nothing_twice_and_forgets_nobody(url: str, port: int, box: Mailbox) -> None:
    count, drawn, kills = 1000, Random(47), 0
    running: list[subprocess.Popen[str]] = []
    left = 0

    def strike() -> None:
        """Kill the sender at the step that was drawn: before an answer, so that it never learns of it."""
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(running[-1].pid, signal.SIGKILL)

    box.strike = strike
    while True:
        left = drawn.randrange(1, 500) if kills < 16 else -1
        command = [sys.executable, "-m", "tests.report.sender", url, str(port), str(count)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        running[-1].communicate(timeout=120)
        if running[-1].returncode == 0:
            break
        assert running[-1].returncode == -signal.SIGKILL
        kills += 1
    assert kills >= 8, "the test killed too few senders to mean anything"
    _settle_by_hand(url, port, box, count, kills)


def _settle_by_hand(url: str, port: int, box: Mailbox, count: int, kills: int) -> None:
    engine = store.connect(url)
    everyone = {f"<digest.{number}@example.org>" for number in range(count)}
    assert set(box.held.values()) == {1}
    doubts = {row.message_id for row in store.deliveries(engine, state="sending")}
    assert 0 < len(doubts) <= kills
    assert everyone - set(box.held) <= doubts, "somebody was forgotten"
    # What an operator does: those that arrived are confirmed, the others are sent again.
    for message_id in doubts & set(box.held):
        assert store.confirm(engine, message_id, now=sender.NOW) == 1
    sender.deliver(url, port, count, now=sender.NOW + GRACE, resend=True)
    assert box.held == dict.fromkeys(everyone, 1)
    assert store.deliveries(engine, state="sending") == []
    assert sender.deliver(url, port, count, resend=True) == {"already": count}
