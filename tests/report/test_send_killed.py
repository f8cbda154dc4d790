"""A sender killed around the ledger's own commits, on both databases: in doubt is exactly what may have left."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import store
from pipeline.store.deliveries import GRACE
from tests.report import sender
from tests.report.mailbox import Mailbox
from tests.store.conftest import postgres_server, postgres_url, sqlite_url, url  # noqa: F401  their fixtures

ROOT = Path(__file__).resolve().parents[2]
COUNT, THIRD = 6, 3

# Where the sender of the third mail is killed -> how many arrived by then, and what the next run makes of it.
NO_DOUBT, IN_DOUBT = {"already": 2, "sent": 4}, {"already": 2, "doubt": 1, "sent": 3}
POINTS = {
    "before claim": (2, NO_DOUBT),
    "claim written": (2, NO_DOUBT),
    "after claim": (2, IN_DOUBT),
    "before settle": (3, IN_DOUBT),
    "settle written": (3, IN_DOUBT),
    "after settle": (3, {"already": 3, "sent": 3}),
}


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_around_a_commit_leaves_in_doubt_what_may_have_left_and_nothing_else(
    url: str,  # noqa: F811
    port: int,
    box: Mailbox,
    point: str,
) -> None:
    store.migrate(engine := store.connect(url))
    command = [sys.executable, "-m", "tests.report.sender", url, str(port), str(COUNT), point, str(THIRD)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    arrived, next_run = POINTS[point]
    doubts = {row.message_id for row in store.deliveries(engine, state="sending")}
    assert (sum(box.held.values()), len(doubts)) == (arrived, next_run.get("doubt", 0))
    assert sender.deliver(url, port, COUNT) == next_run
    # An operator looks what arrived, and sends the rest again.
    for message_id in doubts & set(box.held):
        store.confirm(engine, message_id, now=sender.NOW)
    sender.deliver(url, port, COUNT, now=sender.NOW + GRACE, resend=True)
    assert box.held == {f"<digest.{number}@example.org>": 1 for number in range(COUNT)}
    assert sender.deliver(url, port, COUNT, resend=True) == {"already": COUNT}
    engine.dispose()
