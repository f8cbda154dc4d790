"""Reads a parsed brand file against the shape: typed values in, and a problem for each that does not fit."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipeline.brands.shape import LISTS, TABLES, Key
from pipeline.brands.sheet import Sheet, Where

# A long post is 500 characters (Mastodon): a text longer than that in a brand file is a paste gone wrong.
LONGEST_TEXT = 500

_WANTED = {
    "text": 'a text: "..."',
    "texts": 'a list of texts: ["...", "..."]',
    "day": "a date without quotes: 2024-05-31",
    "since": "a date without quotes, 2018-01-12, or a year: 2018",
    "flag": "true or false, without quotes",
}

Filled = dict[str, Any]


def fill(sheet: Sheet) -> tuple[dict[str, Filled], dict[str, list[tuple[int, Filled]]]]:
    """The values of the sheet that have the right shape: tables by name, and numbered rows of the repeated tables.

    What does not fit is blamed on the sheet and left out.
    """
    raw = sheet.raw or {}
    for name in raw.keys() - TABLES.keys() - LISTS.keys():
        _blame_table(sheet, name)
    tables = {name: _table(sheet, name, keys) for name, keys in TABLES.items()}
    return tables, {name: _rows(sheet, name, keys) for name, keys in LISTS.items()}


def _blame_table(sheet: Sheet, name: str) -> None:
    homes = [table for table, keys in {**TABLES, **LISTS}.items() if name in keys]
    if homes:
        sheet.blame((name,), f"the key {name!r} stands outside its table", f"move it under [{homes[0]}]")
    else:
        known = [*TABLES, *LISTS]
        sheet.blame((name,), f"unknown table {name!r}", _nearest(name, known))


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"write one of {', '.join(known)}"


def _table(sheet: Sheet, name: str, keys: Mapping[str, Key]) -> Filled:
    found = (sheet.raw or {}).get(name, {})
    if not isinstance(found, dict):
        sheet.blame((name,), f"{name!r} is not a table", f"write [{name}] on a line and its keys below")
        found = {}
    return _keys(sheet, (name,), found, keys)


def _rows(sheet: Sheet, name: str, keys: Mapping[str, Key]) -> list[tuple[int, Filled]]:
    found = (sheet.raw or {}).get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        sheet.blame((name,), f"{name!r} may stand several times", f"write [[{name}]] with two brackets on each side")
        return []
    return [(number, _keys(sheet, (name, number), row, keys)) for number, row in enumerate(found)]


def _keys(sheet: Sheet, where: Where, found: Mapping[str, Any], keys: Mapping[str, Key]) -> Filled:
    for name in found.keys() - keys.keys():
        sheet.blame((*where, name), f"unknown key {name!r} in [{where[0]}]", _nearest(name, list(keys)))
    filled: Filled = {}
    for name, key in keys.items():
        if name in found:
            value = _value(sheet, (*where, name), found[name], key)
            if value is not None:
                filled[name] = value
        elif key.required:
            sheet.blame(where, f"[{where[0]}] has no {name!r}", f"add {name} = {_wants(key)}")
    return filled


def _wants(key: Key) -> str:
    return f"one of {', '.join(key.among)}" if key.holds == "choice" else _WANTED[key.holds]


def _value(sheet: Sheet, where: Where, value: object, key: Key) -> object:
    """The value in its own type, or None once it has been blamed."""
    if key.holds == "texts":
        return _texts(sheet, where, value)
    if key.holds in {"text", "choice"}:
        text = _clean(value) if isinstance(value, str) else None
        if text and (key.holds == "text" or text in key.among):
            return text
    elif key.holds == "flag" and isinstance(value, bool):
        return value
    elif key.holds in {"day", "since"}:
        day = _day(value, year_alone=key.holds == "since")
        if day:
            return day
    sheet.blame(where, f"{where[-1]!r} holds {_shown(value)}", f"write {_wants(key)}")
    return None


def _texts(sheet: Sheet, where: Where, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        sheet.blame(where, f"{where[-1]!r} is not a list", f"write {_WANTED['texts']}")
        return ()
    kept: dict[str, None] = {}
    for one in value:
        text = _clean(one) if isinstance(one, str) else None
        if not text:
            shown = one if isinstance(one, str) else None
            sheet.blame(where, f"{where[-1]!r} holds {_shown(one)}", 'write texts between quotes: "..."', value=shown)
        elif text in kept:
            sheet.blame(where, f"{text!r} stands twice in {where[-1]!r}", "keep one", value=text, fatal=False)
        else:
            kept[text] = None
    return tuple(kept)


def _clean(text: str) -> str | None:
    """The text composed (NFC), its blanks single; None when it is empty, too long, or holds control characters."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    is_plain = not any(unicodedata.category(character) in {"Cc", "Cs"} for character in clean)
    return clean if clean and len(clean) <= LONGEST_TEXT and is_plain else None


def _day(value: object, *, year_alone: bool) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    # 1800: the oldest territory brands (spa towns, the Riviera) are nineteenth-century.
    if year_alone and isinstance(value, int) and not isinstance(value, bool) and 1800 <= value <= 2200:
        return date(value, 1, 1)
    return None


def _shown(value: object) -> str:
    """The value as a message quotes it: short, on one line."""
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    shown = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a huge number"
    return shown if len(shown) <= 60 else shown[:57] + "..."
