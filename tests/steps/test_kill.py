"""Killed anywhere and run again, the night ends in the rows of an undisturbed one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.steps import _night, _published

ROOT = Path(__file__).parents[2]
KILLS = 30


def start(home: Path, posts: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.steps._night", str(home), str(posts)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def killed_within(child: subprocess.Popen[str], step: str, seconds: float) -> bool:
    """Kill -9 the child `seconds` after it began `step`; False when it was already done."""
    assert child.stdout
    while (said := child.stdout.readline().strip()) != step:
        assert said, child.communicate()[1]
    try:
        _, errors = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return True
    assert child.returncode == 0, errors
    return False


@pytest.mark.slow
def test_thirty_kills_at_random_moments_change_nothing(tmp_path: Path, archive: Path) -> None:
    calm, hurt, draw = tmp_path / "calm", tmp_path / "hurt", random.Random(20260601)
    assert not killed_within(start(calm, archive), "publish", 600)
    longest = dict.fromkeys(_night.STEPS, 1.0)
    for number in range(KILLS):
        step = _night.STEPS[number % 4]
        while not killed_within(start(hurt, archive), step, draw.uniform(0, longest[step])):
            longest[step] /= 2  # the whole chain ended before the kill: draw earlier moments
    assert not killed_within(start(hurt, archive), "publish", 600)
    assert _published.rows(hurt) == _published.rows(calm)


def test_a_second_run_publishes_the_same_rows(tmp_path: Path, archive: Path) -> None:
    _night.chain(tmp_path, archive)
    first = _published.rows(tmp_path)
    _night.chain(tmp_path, archive)
    assert _published.rows(tmp_path) == first
    assert sum(len(found) for found in first.values()) > 1_000
