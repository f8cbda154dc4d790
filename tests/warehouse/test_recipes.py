"""Every command that the cookbook gives to analysts runs as it stands there, on a published file."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipeline import warehouse
from tests.warehouse import screen, story
from tests.warehouse.files import build

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cookbook.md").read_text("utf-8").partition("## From where")[2].partition("## Before")[0]
RECIPES = [line.strip() for line in PAGE.splitlines() if line.startswith("    ")]
FILE = "var/published/rayonner.duckdb"
# What a person goes on with by hand: each has a test of its own.
TYPED = {f"duckdb -readonly {FILE}", f"harlequin -r {FILE}", "marimo edit notebooks/start.py"}
# DuckDB's command line and Harlequin are 320 MB with what they need: too much for the project's own environment, so
# they lie beside the DuckDB 1.5 that analysts have.
TOOLS = Path(os.environ.get("RAYONNER_DUCKDB15_PYTHON", sys.executable)).parent
PATH = os.pathsep.join([str(Path(sys.executable).parent), str(TOOLS), os.environ["PATH"]])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's folder as an analyst has it after a night: var/, and the folders that the recipes name."""
    folder = tmp_path_factory.mktemp("analyst")
    store = story.Store()
    last = story.live(store, 40, posts=60)
    build(folder / "var", store, last)
    warehouse.publish(folder / "var", night=last, now=story.moment(last))
    (folder / "sql").symlink_to(ROOT / "sql")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


def environment(place: Path) -> dict[str, str]:
    # A home of its own: no tool reads or leaves settings of whoever runs the tests.
    return {"PATH": PATH, "HOME": str(place), "LANG": "C.UTF-8", "TERM": "xterm-256color", "RAYONNER_HOME": "var"}


def needs(command: str) -> None:
    tool = command.split()[0]
    if not shutil.which(tool, path=PATH):
        pytest.skip(f"{tool} is not installed: pip install duckdb-cli harlequin beside RAYONNER_DUCKDB15_PYTHON")


def run(command: str, place: Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    needs(command)
    return subprocess.run(
        command,
        shell=True,
        cwd=place,
        env=environment(place),
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def count(place: Path, rows: str) -> int:
    with duckdb.connect(str(place / FILE), read_only=True) as con:
        found = con.execute(f"select count(*) from {rows}").fetchone()
    assert found
    return int(found[0])


@pytest.mark.parametrize("command", [c for c in RECIPES if c not in TYPED])
def test_a_recipe_runs(command: str, place: Path) -> None:
    done = run(command, place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rror" not in done.stderr
    made = place / command.split()[-1]
    if made.suffix == ".parquet":
        assert count(place, f"read_parquet('{made}')") == count(place, "fct_mention")
    elif made.suffix == ".csv":
        assert count(place, f"read_csv('{made}')") == count(place, "ownership_split")
    elif made.suffix == ".jsonl":
        assert len(made.read_text("utf-8").splitlines()) == count(place, "brand_now")
    elif made.suffix == ".xlsx":
        with zipfile.ZipFile(made) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").count(b"<row ")
        assert sheet == count(place, "metrics") + 1
    elif not command.startswith("python "):
        assert len(done.stdout.splitlines()) > 3, "a header and rows"


def test_the_page_has_a_recipe_for_each_tool_and_no_typed_one_is_forgotten() -> None:
    assert {command.split()[0] for command in RECIPES} == {"rayonner", "duckdb", "harlequin", "marimo", "python"}
    assert set(RECIPES) >= TYPED


def test_the_line_for_pandas_runs(place: Path) -> None:
    found = re.search(r"`(duckdb\.connect\([^`]*\.df\(\))`", PAGE)
    assert found
    done = run(f"python -c '{'import duckdb; print(len(' + found[1] + '))'}'", place)
    assert (done.stdout.strip(), done.stderr) == (str(count(place, "metrics")), "")


def test_the_command_line_of_duckdb_answers_and_changes_nothing(place: Path) -> None:
    command = f"duckdb -readonly {FILE}"
    done = run(command, place, ".tables\nselect 'nights: ' || count(*) from dim_date;\n")
    assert done.returncode == 0, done.stderr
    assert "fct_mention" in done.stdout and "nights: 40" in done.stdout
    assert "read-only mode" in run(command, place, "delete from fct_mention;\n").stderr


def test_every_example_runs_in_the_command_line_of_duckdb(place: Path) -> None:
    for path in sorted((ROOT / "sql" / "examples").glob("*.sql")):
        done = run(f"duckdb -readonly -csv {FILE} < sql/examples/{path.name}", place)
        assert (done.returncode, done.stderr) == (0, ""), path.name


def test_harlequin_shows_the_file_and_leaves_it_to_others(place: Path) -> None:
    needs("harlequin")
    with screen.running(f"harlequin -r {FILE}".split(), place, environment(place)) as shown:
        shown.until("rayonner")
        shown.until("Query Editor")
        shown.keys("select 'nights: ' || count(*) as told from dim_date")
        shown.keys(screen.CONTROL_J)
        shown.until("nights: 40")
        # A file that is open for writing cannot be opened a second time.
        duckdb.connect(str(place / FILE), read_only=True).close()
        shown.keys(screen.CONTROL_Q)
        assert shown.ends() == 0


@contextmanager
def served(command: list[str], place: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        cwd=place,
        env=environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_the_notebook_opens_in_marimo(place: Path) -> None:
    needs("marimo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = ["--headless", "--no-token", "--skip-update-check", "--port", str(port)]
    with served(["marimo", "edit", "notebooks/start.py", *quiet], place) as process:
        for _ in range(600):
            assert process.poll() is None
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.1)
        assert "start.py" in page
