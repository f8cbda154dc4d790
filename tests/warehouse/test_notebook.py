"""The notebook to start from runs through on a published file, without a screen."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse import story
from tests.warehouse.files import build

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "start.py"


@pytest.mark.skipif(importlib.util.find_spec("marimo") is None, reason="the extra notebook is not installed")
def test_the_notebook_runs_through(tmp_path: Path) -> None:
    store = story.Store()
    path = build(tmp_path, store, story.live(store, 15, posts=60)).path
    done = subprocess.run(
        [sys.executable, NOTEBOOK, "--file", path], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
