"""Real processes: two at once end as one, and a writer killed at any moment is finished by the next."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_story import rows, write

from pipeline import store

ROOT = Path(__file__).parents[2]
BATCHES, SIZE, KILLS = 12, 40, 12


def writer(url: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, str(ROOT / "tests/store/store_story.py"), url, str(BATCHES), str(SIZE)]
    return subprocess.Popen(
        program, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """The rows of one clean pass; the same on both databases, which is part of what is shown."""
    url = f"sqlite:///{tmp_path_factory.mktemp('clean') / 'store.sqlite'}"
    write(url, BATCHES, SIZE)
    return kept(url)


def kept(url: str) -> dict[str, list[dict[str, object]]]:
    engine = store.connect(url)
    shown = rows(engine)
    engine.dispose()
    return shown


def test_the_same_writes_give_the_same_rows_on_both_databases(url, undisturbed):
    write(url, BATCHES, SIZE)
    assert kept(url) == undisturbed


def test_two_processes_writing_the_same_batches_end_as_one(url, undisturbed):
    both = [writer(url), writer(url)]
    for process in both:
        _, complaint = process.communicate(timeout=300)
        assert (process.returncode, complaint) == (0, b"")
    assert kept(url) == undisturbed


@pytest.mark.slow
def test_a_writer_killed_at_random_moments_is_finished_by_the_next(url, undisturbed):
    draw = random.Random(20260105)
    killed = 0
    while killed < KILLS:
        process = writer(url)
        assert process.stdout
        # Wait for a batch drawn at random, then for a moment drawn at random inside the next one or the scoring.
        for _ in range(draw.randrange(BATCHES + 1)):
            if not process.stdout.readline():
                break
        wait_until(time.monotonic() + draw.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        killed += process.returncode == -signal.SIGKILL
    last = writer(url)
    assert last.communicate(timeout=300)[1] == b""
    assert last.returncode == 0
    assert kept(url) == undisturbed


def wait_until(moment: float) -> None:
    """Spin for some milliseconds: the moment of the kill must fall inside a transaction, not after a sleep."""
    while time.monotonic() < moment:
        pass
