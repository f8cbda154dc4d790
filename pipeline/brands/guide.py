"""Writes the tables of docs/brands.md that list every key of a brand file, from the shape that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.brands.shape import LISTS, TABLES, Key

BEGIN, END = "<!-- keys -->\n", "<!-- end of keys -->\n"

_TYPES = {
    "text": "text",
    "texts": "list of texts",
    "day": "date",
    "since": "date or year",
    "flag": "true or false",
}


def keys() -> str:
    """The tables of keys, as Markdown: one heading a table of the brand file, one row a key."""
    once = [_table(f"[{name}]", fields) for name, fields in TABLES.items()]
    often = [_table(f"[[{name}]]", fields) for name, fields in LISTS.items()]
    return "\n".join([*once, *often])


def refresh(page: str) -> str:
    """`page` with its tables of keys written anew. Raises ValueError when it has no place for them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN.strip()} and {END.strip()}")
    return f"{before}{BEGIN}\n{keys()}\n{END}{after}"


def write(path: Path) -> None:
    """Refresh the page at `path` in place."""
    path.write_text(refresh(path.read_text("utf-8")), "utf-8")


def _table(title: str, fields: Mapping[str, Key]) -> str:
    rows = [f"### `{title}`\n", "| key | holds | needed | what it is |", "|---|---|---|---|"]
    for name, key in fields.items():
        holds = ", ".join(f"`{one}`" for one in key.among) if key.among else _TYPES[key.holds]
        rows.append(f"| `{name}` | {holds} | {'yes' if key.required else ''} | {key.says} |")
    return "\n".join(rows) + "\n"
