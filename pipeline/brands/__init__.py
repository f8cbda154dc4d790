"""Brand files and catalogues: what we listen for, with mistakes that name the file, the line and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.brands import national
from pipeline.brands.alone import check_alone
from pipeline.brands.asked import queries
from pipeline.brands.between import check_together
from pipeline.brands.page import brand
from pipeline.brands.sheet import Problem, Sheet, read
from pipeline.brands.terms import ordinary
from pipeline.errors import ConfigError
from pipeline.model import Brand

__all__ = ["Problem", "catalogue", "check", "load", "ordinary", "queries"]


def load(folder: Path) -> list[Brand]:
    """The brands of a folder (or of one file), sorted by slug. Raises ConfigError that lists every fatal mistake."""
    brands, problems = _read(folder)
    fatal = [problem for problem in problems if problem.fatal]
    if fatal:
        count = f"{len(fatal)} mistake{'s' if len(fatal) > 1 else ''} in the brand files"
        raise ConfigError("\n".join([count, *map(str, fatal)]))
    return brands


def catalogue(which: str, folder: Path) -> list[Brand]:
    """The brands to listen to: "brands" (those of `folder`), "national", or the path of a folder or of one file.

    The national catalogue learns from the brand files of `folder` where there are some. Raises ConfigError.
    """
    if which == "brands":
        return load(folder)
    if which == "national":
        return national.brands(load(folder) if any(folder.glob("*.toml")) else ())
    if not Path(which).exists():
        raise ConfigError(f"no catalogue is called {which!r}; write brands, national, or the path of a folder or file")
    return load(Path(which))


def check(folder: Path) -> list[Problem]:
    """Every mistake in a folder of brand files (or in one file), in the order of files and lines. Never raises."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[list[Brand], list[Problem]]:
    """The brands that could be read, and every mistake; a single file is held against its neighbours."""
    paths = sorted(folder.parent.glob("*.toml")) if folder.is_file() else sorted(folder.glob("*.toml"))
    if folder.is_file() and folder not in paths:
        paths = [folder]
    if not paths:
        cure = "write a first one as docs/brands.md shows"
        return [], [Problem(str(folder), 1, "there is no brand file (*.toml) here", cure)]
    pairs = [(sheet, brand(sheet)) for sheet in map(read, paths)]
    known = [(sheet, found) for sheet, found in pairs if found]
    for sheet, found in known:
        check_alone(sheet, found)
    check_together(known)
    asked = [(sheet, found) for sheet, found in pairs if folder.is_dir() or Path(sheet.file) == folder]
    return [found for _, found in asked if found], _sorted([sheet for sheet, _ in asked])


def _sorted(sheets: Sequence[Sheet]) -> list[Problem]:
    problems = [problem for sheet in sheets for problem in sheet.problems]
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.message))
