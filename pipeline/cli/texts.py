"""Matching and sentiment alone: JSON lines in, JSON lines out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from pipeline import brands as brand_files
from pipeline import match as match_room
from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, settings
from pipeline.steps.lines import Skipped

Lines = Annotated[
    Path, typer.Argument(metavar="FILE.jsonl", help='Lines {"id", "text", "lang"?}; - reads standard input.')
]


def match(path: Lines, catalogue: Catalogue = "brands") -> None:
    """Say which brands and territories each text mentions, in which sense, and why.

    One JSON line out for each line in: {"id", "mentions": [{"brand", "territory", "sense", "accepted", ...}]}
    """
    with _say.told():
        matcher = match_room.compile_catalogue(brand_files.catalogue(catalogue, settings().brands))
        with _open(path) as lines:
            _write(steps.match_lines(lines, matcher))


def sentiment(
    path: Lines,
    tier: Annotated[str | None, typer.Option(help="accurate, fast or cascade; default RAYONNER_TIER.")] = None,
) -> None:
    """Say the language and tone of each text; with a "target" in the line, also the tone toward it.

    What the brands that are listened for say of themselves is hidden first: a slogan that inspires is no compliment.

    One JSON line out for each line in: {"id", "lang", "label", "score", "toward"?}
    Where the target is not in the text, "toward" is null and "why" says so.
    """
    with _say.told():
        asked = tier or settings().tier
        if asked not in {"accurate", "fast", "cascade"}:
            raise typer.BadParameter("write accurate, fast or cascade", param_hint="--tier")
        words = steps.own_words(brand_files.catalogue("brands", settings().brands))
        own = tuple(dict.fromkeys(word for some in words.values() for word in some))
        with _open(path) as lines:
            _write(steps.sentiment_lines(lines, asked, own))


def _open(path: Path) -> BinaryIO:
    if str(path) == "-":
        return sys.stdin.buffer
    if not path.is_file():
        raise typer.BadParameter(f"{path} is not a file", param_hint="FILE.jsonl")
    return path.open("rb")


def _write(answers: Iterable[dict[str, object] | Skipped]) -> None:
    skipped = 0
    for answer in answers:
        if isinstance(answer, Skipped):
            skipped += 1
            _say.ERR.print(f"[yellow]line {answer.line} skipped:[/] {_say.plain(answer.error)}")
        else:
            _say.json_line(answer)
    if skipped:
        raise typer.Exit(_say.FOUND_PROBLEMS)
