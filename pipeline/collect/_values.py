"""Ids and counts from outside: what they may be, and what they become."""

from __future__ import annotations

import re

from pipeline.collect import Ask
from pipeline.collect._text import storable

Number = int | float | str | None

GREATEST = 2**63 - 1  # what the store's integers hold
_GROUPED = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+")


def identifier(given: str | int | None) -> str | None:
    """An id as text; None when it is empty, longer than 512 characters or holds blanks or control characters."""
    if given is None:
        return None
    found = str(given) if isinstance(given, int) else given
    return found if 0 < len(found) <= 512 and storable(found) else None


def count(given: Number, ask: Ask) -> int | None:
    """A count of people or gestures; one that cannot be (negative, 1.5, words) is unknown, and hinted."""
    if given is None:
        return None
    if type(given) is int and 0 <= given <= GREATEST:
        return given
    found = _number(given.strip()) if isinstance(given, str) else given
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, int) and 0 <= found <= GREATEST:
        return found
    ask.hint("bad_count")
    return None


def _number(text: str) -> float | int | None:
    if text.isdecimal() and len(text) < 20:
        return int(text)
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    try:
        return float(text[:40])
    except ValueError:
        return None
