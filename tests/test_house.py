"""The house keeps its own rules: who imports whom, how long things are, what they are called, what the docs promise."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline import collect, settings
from pipeline.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
FUNCTION, FILE, DAG_FILE, MODEL = 40, 200, 60, 80
SAYS_NOTHING = re.compile(r"(?:^|_)(utils?|helpers?|misc|common|manager|processor)(?:_|$)")
# Written in parts, so that this file does not name what it forbids.
FOREIGN = re.compile(
    "|".join((r"py" + r"pi\.org", r"python" + r"hosted", r"npm" + r"js\.org", r"/ro" + r"ot/", r"/wo" + r"rk/"))
)
BINARY = {".png", ".gz", ".onnx", ".npz", ".duckdb", ".parquet", ".woff2", ".ico"}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project, as git knows them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this copy of the project is no git checkout")
    return tuple(path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file())


def code(*folders: str) -> list[Path]:
    return [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in folders]


def lines(path: Path) -> int:
    return path.read_text("utf8").count("\n")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file and its length without its docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = ast.get_docstring(node, clean=False)
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield node.name, length - (doc.count("\n") + 1 if doc is not None else 0)


def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "1 kept, 0 broken" in done.stdout


def test_nothing_imports_the_dags() -> None:
    for path in code("pipeline"):
        assert not re.search(r"^\s*(from|import) (dags|_run|nightly|upkeep)\b", path.read_text("utf8"), re.MULTILINE), (
            path
        )


def test_no_file_is_too_long_to_read() -> None:
    limits = {"dags": DAG_FILE, "pipeline": FILE, "benchmarks": FILE}
    long = {
        str(p.relative_to(ROOT)): lines(p) for p in code(*limits) if lines(p) > limits[p.relative_to(ROOT).parts[0]]
    }
    long |= {str(p.relative_to(ROOT)): lines(p) for p in tracked() if p.suffix == ".sql" and lines(p) > MODEL}
    assert long == {}


def test_no_function_is_too_long_to_hold_in_mind() -> None:
    found = [(p, name, length) for p in code("pipeline", "dags", "benchmarks") for name, length in functions(p)]
    assert [f"{p.relative_to(ROOT)} {name}: {length}" for p, name, length in found if length > FUNCTION] == []
    ordered = sorted(length for _, _, length in found)
    assert ordered[len(ordered) // 2] <= 10


def test_names_say_something() -> None:
    assert [str(p.relative_to(ROOT)) for p in code("pipeline", "dags") if SAYS_NOTHING.search(p.stem)] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [
        str(p.relative_to(ROOT)) for p in code("pipeline", "dags") if not ast.get_docstring(ast.parse(p.read_text()))
    ] == []


def test_no_file_names_a_machine_or_a_package_host() -> None:
    texts = [p for p in tracked() if p.suffix not in BINARY]
    assert [str(p.relative_to(ROOT)) for p in texts if FOREIGN.search(p.read_text("utf8", errors="replace"))] == []


def test_the_locks_are_exact_and_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        rows = [row for row in (ROOT / name).read_text("utf8").splitlines() if row and not row.startswith(("#", "-r "))]
        assert rows
        assert [row for row in rows if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", row)] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    locked = {
        re.sub(r"[._-]+", "-", row.partition("==")[0]).lower()
        for name in ("requirements.lock", "requirements-dev.lock")
        for row in (ROOT / name).read_text("utf8").splitlines()
    }
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["postgres"], *extras["dev"]]
    names = {re.sub(r"[._-]+", "-", re.match(r"[\w.-]+", one)[0]).lower() for one in asked}  # type: ignore[index]
    assert names - {"rayonner"} <= locked


def docs() -> list[Path]:
    return [p for p in tracked() if p.suffix == ".md"]


def test_the_page_of_settings_is_what_the_code_says() -> None:
    made = subprocess.run([sys.executable, "bin/docs"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs/settings.md").read_text("utf8") == made, "stale: run make docs"


def test_every_link_in_the_docs_leads_somewhere() -> None:
    links = [(page, to) for page in docs() for to in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf8"))]
    near = [(page, to) for page, to in links if "://" not in to and not to.startswith("mailto:")]
    lost = [f"{page.relative_to(ROOT)}: {to}" for page, to in near if not (page.parent / to).exists()]
    assert lost == []


def test_every_command_in_the_docs_exists() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE))
    for page in docs():
        text = page.read_text("utf8")
        assert set(re.findall(r"(?:^|[`/])rayonner ([a-z]+)\b", text, re.MULTILINE)) <= commands, page
        assert set(re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE)) <= targets, page
        assert all((ROOT / name).exists() for name in re.findall(r"(?<![\w./])(?:bin|docker)/[\w.-]+", text)), page


def test_every_setting_in_the_docs_is_one_that_something_reads() -> None:
    needs = {need for name in collect.names() for need in collect.load(name).NEEDS}
    known = set(settings.SETTINGS) | needs | {"RAYONNER_REQUIRE_SERVERS", "RAYONNER_TEST_POSTGRES"}
    for page in docs():
        named = set(re.findall(r"\bRAYONNER_[A-Z][A-Z0-9_]*[A-Z0-9]\b", page.read_text("utf8")))
        assert {name.removesuffix("_FILE") for name in named} <= known, page


def test_every_need_of_a_source_is_documented() -> None:
    text = (ROOT / "docs/sources.md").read_text("utf8")
    for name in collect.names():
        assert f"`{name}`" in text
        assert all(f"`{need}`" in text for need in importlib.import_module(f"pipeline.collect.{name}").NEEDS)
