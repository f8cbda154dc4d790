"""What a question on the command line looks like: no value is folded or left out, in whatever width."""

from __future__ import annotations

import csv
import io

import pytest
from rich.console import Console

from pipeline.cli import _say

COLUMNS = [f"column_{n}" for n in range(9)]
ROW = [f"0.{n}20516" for n in range(9)]


def said(monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    out = io.StringIO()
    monkeypatch.setattr(_say, "OUT", Console(file=out, width=width, highlight=False))
    _say.answer(COLUMNS, [ROW])
    return out.getvalue()


def test_an_answer_that_does_not_fit_stands_upright_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said(monkeypatch, 80).splitlines()
    assert [line.split() for line in lines[1:]] == [[c, v] for c, v in zip(COLUMNS, ROW, strict=True)]


def test_the_narrowest_table_that_is_drawn_folds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nine columns of eight, two spaces and a line each, and the last line.
    assert "- row 1 -" in said(monkeypatch, 99)
    assert len(said(monkeypatch, 100).splitlines()) == 5
    assert all(value in said(monkeypatch, 100) for value in [*COLUMNS, *ROW])


def test_csv_is_read_back_and_runs_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    _say.csv(["a", "b"], [['x,"y', None], ["=1+1", -0.5]])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["a", "b"], ['x,"y', ""], ["'=1+1", "-0.5"]]
