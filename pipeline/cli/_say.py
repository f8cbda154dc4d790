"""How the command line speaks: tables, progress, errors, exit codes, and text that cannot escape the terminal."""

from __future__ import annotations

import logging
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from csv import writer
from typing import NoReturn

import msgspec
import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.errors import FatalError, PipelineError

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

# Exit codes, told in the help: scripts and schedulers decide by them.
FOUND_PROBLEMS, FATAL, RETRIABLE, INCOMPLETE = 1, 3, 4, 5
FORMULA = tuple("=+-@\t\r")  # as in an export


def fail(error: PipelineError) -> NoReturn:
    """Say what went wrong and what to do, and leave with the code of the error's family."""
    family = "Error" if isinstance(error, FatalError) else "Try again later"
    ERR.print(f"[bold red]{family}:[/] {escape(clean(str(error)))}", soft_wrap=True)
    raise typer.Exit(FATAL if isinstance(error, FatalError) else RETRIABLE)


@contextmanager
def told() -> Iterator[None]:
    """Turn the pipeline's errors into a message and an exit code; anything else is a bug and shows its trace."""
    try:
        yield
    except PipelineError as error:
        fail(error)


def clean(text: str) -> str:
    """The text without control characters: a post cannot move the cursor or recolour the operator's terminal."""
    return "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in text)


def plain(text: str) -> str:
    """The text cleaned, and safe inside a line with colours."""
    return escape(clean(text))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> None:
    """Print rows as a table; numbers to the right, unknown as a dash."""
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in rows)
        drawn.add_column(
            plain(column),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=len(columns) < 8 and index > 0,
            # What a row is about stays readable where the terminal is narrow.
            min_width=min(22, max((len(cell(row[0])) for row in rows), default=0)) if index == 0 else None,
        )
    for row in rows:
        drawn.add_row(*(escape(cell(value)) for value in row))
    OUT.print(drawn)


def answer(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print an answer of any width: as a table where it fits the terminal, else one line per value, none left out."""
    # A cell has a space on each side and a line before it; one more line ends the row.
    width = 1 + sum(
        3 + max(cell_len(line) for text in (column, *(cell(row[i]) for row in rows)) for line in text.split("\n"))
        for i, column in enumerate(columns)
    )
    if width <= OUT.width:
        table(columns, rows)
        return
    broad = max(map(cell_len, columns))
    for number, row in enumerate(rows, 1):
        OUT.print(f"[dim]- row {number} -[/]")
        for column, value in zip(columns, row, strict=True):
            OUT.print(
                f"[bold]{plain(column)}[/]{' ' * (broad - cell_len(column))}  {escape(cell(value))}", soft_wrap=True
            )
    ERR.print(f"{len(rows)} rows; the terminal is too narrow for a table ({width} columns): see also --csv and --json.")


def cell(value: object) -> str:
    """One value as a person reads it: thin-spaced thousands, three decimals, a dash for unknown."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        # A year is not a quantity: four digits stay together.
        return str(value) if abs(value) < 10_000 else f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".").replace(",", "\N{NARROW NO-BREAK SPACE}")
    return clean(str(value))


def csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows as CSV with a header; nothing that a spreadsheet would run as a formula, nor a control character."""
    out = writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    out.writerows([_harmless(value) for value in row] for row in rows)


def _harmless(value: object) -> object:
    if not isinstance(value, str):
        return value
    # An apostrophe makes text of what a spreadsheet would run.
    return clean(f"'{value}" if value[:1] in FORMULA else value)


def json_line(answer: object) -> None:
    """Print one JSON document on one line of standard output."""
    print(msgspec.json.encode(answer, enc_hook=str).decode())


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error where a terminal is there, and nothing where it is not."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


def logs(verbose: bool) -> None:
    """Send the pipeline's own logs to standard error; clients stay at WARNING, for at DEBUG some print secrets."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pipeline").setLevel(logging.INFO if verbose else logging.WARNING)
