"""Writes rows as an Excel workbook, one sheet, nothing of which runs as a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

from pipeline.errors import ConfigError

# What a sheet holds, header included, and a cell.
MOST_ROWS = 1_048_576
LONGEST = 32_767
# Excel keeps 15 digits of a number: a longer one, such as an author's, is written as text.
EXACT = 10**15


def write(path: Path, columns: Sequence[str], batches: Iterable[Sequence[Sequence[object]]]) -> int:
    """Write the rows and return how many. Raises ConfigError past what a sheet holds, or without the extra `excel`."""
    try:
        xlsxwriter = import_module("xlsxwriter")
    except ImportError as error:
        raise ConfigError("Excel files need: pip install 'rayonner[excel]'") from error
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet, bold = book.add_worksheet("rayonner"), book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, bold)
        for batch in batches:
            if count + len(batch) >= MOST_ROWS:
                raise ConfigError(f"a sheet holds {MOST_ROWS - 1} rows: export to .parquet or .csv, or ask for less")
            for row in batch:
                count += 1
                for column, value in enumerate(row):
                    sheet.write(count, column, _cell(value), *([moment] if isinstance(value, datetime) else []))
    return count


def _cell(value: object) -> object:
    """A value that a sheet can hold: text is cut at what a cell takes."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= EXACT:
        return str(value)
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return str(value)[:LONGEST]
