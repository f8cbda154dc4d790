"""One brand file as it is read: its text, the line where each key stands, and the mistakes found so far."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A brand file is a page written by hand (the longest shipped has 7 kB); ten times that is a wrong file.
LARGEST_BYTES = 100_000

Where = tuple[str | int, ...]

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a brand file: where, what is wrong, what to write. A brand with a fatal one is not loaded."""

    file: str
    line: int
    message: str
    cure: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}; {self.cure}"


@dataclass(slots=True)
class Sheet:
    """One brand file. `raw` is None when the file cannot be parsed; `lines` maps a key's path to its line, from 1.

    `kept` gives, for a table that stands several times, which of its rows (from 0) made it into the brand, in order.
    """

    file: str
    slug: str
    text: str = ""
    raw: dict[str, Any] | None = None
    lines: dict[Where, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    kept: dict[str, list[int]] = field(default_factory=dict)

    def blame(self, where: Where, message: str, cure: str, *, value: str | None = None, fatal: bool = True) -> None:
        """Note a mistake at the key `where`, or at `value` when it is one of the values written under that key."""
        self.problems.append(Problem(self.file, self.line(where, value), message, cure, fatal))

    def line(self, where: Where, value: str | None = None) -> int:
        """The line of a key, of its nearest known parent, or of one value in its list."""
        known = next((where[:n] for n in range(len(where), 0, -1) if where[:n] in self.lines), None)
        start = self.lines[known] if known else 1
        if value is None:
            return start
        rows = self.text.split("\n")
        after = min((n for n in self.lines.values() if n > start), default=len(rows) + 1)
        return next((n for n in range(start, after) if value in rows[n - 1]), start)


def read(path: Path) -> Sheet:
    """Read one file. What goes wrong (not UTF-8, not TOML, unreadable) is a problem on the sheet, never an error."""
    sheet = Sheet(str(path), path.stem)
    try:
        sheet.text = _text(path)
        sheet.raw = tomllib.loads(sheet.text)
        for where, line in _lines(sheet.text):
            sheet.lines.setdefault(where, line)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sheet.problems.append(Problem(sheet.file, line, "the file is not UTF-8", "save it with the encoding UTF-8"))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        sheet.problems.append(Problem(sheet.file, 1, f"the file cannot be read: {reason}", "check its rights and name"))
    # tomllib raises RecursionError on thousands of nested brackets, and plain ValueError on a number of 4,301 digits.
    except (ValueError, RecursionError) as error:
        sheet.problems.append(_not_toml(sheet, error))
    return sheet


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 1000} kB")
    # utf-8-sig: Windows editors open a file with a byte order mark. TOML ends its lines with LF or CRLF.
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def _not_toml(sheet: Sheet, error: Exception) -> Problem:
    said = str(error) if isinstance(error, ValueError) else "brackets are nested too deep"
    found = _AT_LINE.search(said)
    last = sheet.text.count("\n") + 1
    line = int(found[1]) if found and found[1] else last if found else 1
    message = f"this is not TOML: {_AT_LINE.sub('', said)}"
    return Problem(sheet.file, line, message, 'write key = "text" or key = ["text", "text"], as in docs/brands.md')


def _lines(text: str) -> Iterator[tuple[Where, int]]:
    """Where each table and key of a valid TOML text begins; a key inside an inline table is not told apart."""
    table: Where = ()
    counts: Counter[Where] = Counter()
    for number, row in _outer_rows(text):
        head, equals, _ = row.partition("=")
        if row.startswith("["):
            table = _path(row.strip("[ ").partition("]")[0])
            yield table[:1], number
            if row.startswith("[["):
                counts[table] += 1
                table = (*table, counts[table] - 1)
            yield table, number
        elif equals:
            yield (*table, *_path(head)), number


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _outer_rows(text: str) -> Iterator[tuple[int, str]]:
    """The lines that begin outside any list and any string of several lines, numbered from 1."""
    depth, quote = 0, ""
    for number, row in enumerate(text.split("\n"), 1):
        if depth <= 0 and not quote:
            depth = 0
            yield number, row.strip()
            if row.lstrip().startswith("["):
                continue
        depth, quote = _follow(row, depth, quote)


_MARK = re.compile(r"\\.|\"\"\"|'''|[\"'#\[\]{}]")


def _follow(row: str, depth: int, quote: str) -> tuple[int, str]:
    """The bracket depth and the open quote after `row`. Only quotes of three characters outlive a line."""
    for mark in _MARK.findall(row):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in {'"', "'", '"""', "'''"}:
            quote = mark
        elif mark == "#":
            break
        else:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
    return depth, quote if len(quote) == 3 else ""
