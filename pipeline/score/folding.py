"""Folds text to plain lower-case letters without losing where each letter came from."""

from __future__ import annotations

import unicodedata

# A letter that becomes none or several: the text is then folded letter by letter, with a map of positions.
_UNEVEN = "\x00"
_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "’": "'", "ʼ": "'", "‘": "'", "`": "'"}
_LIGATURES["…"] = "…"  # in most posts that a platform cut: kept one letter long, which is what folds fast


def _plain(letter: str) -> str:
    """One character without accent, case or style; "" for marks and invisible characters."""
    lower = letter.lower()
    if lower in _LIGATURES:
        return _LIGATURES[lower]
    parts = unicodedata.normalize("NFKD", lower)
    return "".join(_LIGATURES.get(c, c) for c in parts if unicodedata.category(c) not in {"Mn", "Me", "Cf"})


class _Plain(dict[int, str]):
    """Code point -> plain letters, filled as letters are met: at most one entry per code point."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


class _Even(dict[int, str]):
    """Code point -> its one plain letter, or _UNEVEN: what `str.translate` looks letters up in."""

    def __missing__(self, code: int) -> str:
        plain = _PLAIN[code]
        self[code] = plain if len(plain) == 1 else _UNEVEN
        return self[code]


_PLAIN = _Plain()
_EVEN = _Even()


def fold(text: str) -> str:
    """The text without accents, case, ligatures and invisible characters; its length may change."""
    return text.translate(_PLAIN)


def words(line: str) -> frozenset[str]:
    """The words of a line, folded: how the lists of this room are written."""
    return frozenset(fold(line).split())


def fold_with_positions(text: str) -> tuple[str, list[int] | range]:
    """The folded text and, for each of its letters and one past the end, the position in `text`."""
    folded = text.translate(_EVEN)
    if _UNEVEN not in folded:
        return folded, range(len(text) + 1)
    letters: list[str] = []
    positions: list[int] = []
    for position, letter in enumerate(text):
        plain = _PLAIN[ord(letter)]
        letters.append(plain)
        positions.extend([position] * len(plain))
    positions.append(len(text))
    return "".join(letters), positions
