"""How good the program is, by its gold sets."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import _say
from pipeline.cli._options import Json
from pipeline.steps import evaluate as room
from pipeline.steps.evaluate import Evaluated, Figure, Sets

HERE = Sets()
ROOMS = 8  # matching, language, sentiment, posts, cascade, toward, real mentions, image


def evaluate(
    errors: Annotated[
        str | None,
        typer.Option(help="Show the wrong answers of a place ([bold]la-manche[/]) or a set ([bold]fr-fast[/])."),
    ] = None,
    tests: Annotated[Path, typer.Option(help="Folder of the project's gold sets and floors.")] = HERE.tests,
    shared: Annotated[Path, typer.Option(help="Folder of the shared labelled data.")] = HERE.shared,
    every: Annotated[bool, typer.Option("--all", help="Show each tag's own figures too.")] = False,
    json: Json = False,
) -> None:
    """Measure matching, language, tone and image on the gold sets that are there, with 95 % intervals.

    Leaves with 1 when a figure is under its floor. Sets that are absent are named.
    """
    with _say.told(), _say.progress("evaluate", ROOMS) as step:
        done = room.evaluate(Sets(tests, shared), step)
    if errors is not None:
        _wrong(done, errors, json)
        return
    _figures(done, every, json)
    if any(figure.sinks for figure in done.figures):
        raise typer.Exit(_say.FOUND_PROBLEMS)


def _figures(done: Evaluated, every: bool, json: bool) -> None:
    if json:
        figures = [asdict(one) | {"sinks": one.sinks} for one in done.figures]
        _say.json_line({"figures": figures, "absent": done.absent})
        return
    shown = [
        one for one in done.figures if every or one.sinks or not one.trial.startswith("image") or _whole(one.trial)
    ]
    rows = [(f"{f.trial} {f.name}", f.value, f.low, f.high, f.n, _bound(f), "SINKS" if f.sinks else "") for f in shown]
    _say.table(["figure", "value", "low", "high", "n", "bound", ""], rows)
    for name in done.absent:
        _say.OUT.print(f"[yellow]absent:[/] {_say.plain(name)}", soft_wrap=True)


def _bound(figure: Figure) -> str | None:
    """What the figure is held to: at least its floor or, where less is better, at most its ceiling."""
    if figure.ceiling is not None:
        return f"≤ {figure.ceiling:.3f}"
    return None if figure.floor is None else f"≥ {figure.floor:.3f}"


def _whole(trial: str) -> bool:
    """Whether an image trial is of a whole kind ("image held themes") and not of one tag."""
    return len(trial.split()) == 3


def _wrong(done: Evaluated, chosen: str, json: bool) -> None:
    found = room.wrong(done, chosen)
    if json:
        for trial, one in found:
            _say.json_line({"trial": trial} | asdict(one))
        return
    for trial, one in found:
        wanted, told = _say.plain(one.wanted or "nothing"), _say.plain(one.told or "nothing")
        _say.OUT.print(f"[bold]{_say.plain(trial)}[/]  wanted [green]{wanted}[/], told [red]{told}[/]", soft_wrap=True)
        _say.OUT.print(f"  {_say.plain(one.text)}\n  [dim]{_say.plain(one.why)}[/]", soft_wrap=True)
    _say.OUT.print(f"{len(found)} wrong answers.")
