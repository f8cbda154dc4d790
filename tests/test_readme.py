"""The commands of the README do what it says, in the order it gives them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline import steps
from tests.steps import _night

README = (Path(__file__).parents[1] / "README.md").read_text("utf8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.S)
COMMANDS = [line.split("   #")[0].strip() for line in BLOCKS[1].splitlines() if "rayonner" in line]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the sample's last month is published and an archive lies ready."""
    folder = tmp_path_factory.mktemp("readme")
    given, last = _night.settings_of(folder / "var"), date(2026, 5, 31)
    steps.collect(given, "sample", date(2026, 5, 4), last, now=_night.NOW)
    steps.score(given, now=_night.NOW)
    steps.build(given, last, now=_night.NOW)
    steps.publish(given, last, now=_night.NOW)
    line = '{"platform":"x","post_id":"1","created_at":"2026-05-30T10:00:00Z","text":"Une semaine à Dijon"}\n'
    (folder / "archive.jsonl").write_text(line, encoding="utf8")
    subprocess.run(["gzip", "archive.jsonl"], cwd=folder, check=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    command = shutil.which("rayonner", path=Path(sys.executable).parent)
    assert command, "install the project first: make test"
    (folder / ".venv" / "bin" / "rayonner").symlink_to(command)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(command: str, place: Path) -> None:
    env = os.environ | {"RAYONNER_HOME": str(place / "var"), "RAYONNER_TIER": "fast"}
    done = subprocess.run(command, shell=True, cwd=place, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


def test_the_two_promised_commands_exist() -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text("utf8")
    assert "make run" in BLOCKS[0] and "make test" in BLOCKS[0]
    assert re.search(r"^run:", makefile, re.M) and re.search(r"^test:", makefile, re.M)


def test_every_file_the_readme_points_to_exists() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (Path(__file__).parents[1] / link).exists(), link
