"""Folds text so that accents, capitals, hyphens, apostrophes and ligatures no longer matter, and finds the way back."""

from __future__ import annotations

import codecs
import unicodedata

# Letters that Unicode does not decompose, as people type them on a keyboard without them.
_LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ʼ": " ", "ˈ": " "}

# Kept as they are: "@" starts an account, "_" joins the words of an account or a hashtag.
_KEPT = "@_"

# Stands for a letter outside ASCII where text is folded to bytes: no name holds it, and it parts no words.
_FOREIGN = "@"


def _plain(code: int) -> str:
    """One character folded: lower-case letters and digits, a blank for the rest, "" for marks and invisible signs."""
    if chr(code) == "…":
        return " "
    found = []
    for c in unicodedata.normalize("NFKD", chr(code)).casefold():
        if c in _LETTERS:
            found.append(_LETTERS[c])
        elif c.isalnum() or c in _KEPT:
            found.append(c)
        elif unicodedata.category(c) not in {"Mn", "Me", "Cf"}:
            found.append(" ")
    return "".join(found)


# The characters met so far that do not fold to exactly one: where there are none, positions do not move.
_UNEVEN: set[str] = set()


class _Table(dict[int, str]):
    """What `str.translate` looks characters up in: filled as they are met, one entry per code point at most."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(code)
        if len(plain) != 1:
            _UNEVEN.add(chr(code))
        return plain


_TABLE = _Table()


def fold(text: str) -> str:
    """`text` folded; words are parted by one or more blanks, its length may differ. Linear time."""
    return text.translate(_TABLE)


def fold_with_origins(text: str) -> tuple[str, range | list[int]]:
    """`fold(text)`, and for each of its characters and one past the end, the position in `text` it comes from."""
    folded = text.translate(_TABLE)
    if text.isascii() or _UNEVEN.isdisjoint(text):
        return folded, range(len(text) + 1)
    found = [position for position, c in enumerate(text) for _ in _TABLE[ord(c)]]
    found.append(len(text))
    return folded, found


def words(text: str) -> tuple[str, ...]:
    """The folded words of a name or a phrase."""
    return tuple(fold(text).replace("_", " ").split())


# The same fold to bytes, for the gate that every post passes: Latin-1 is encoded and translated at C speed, and only
# the runs outside it (emoji, œ, combining marks) come back to Python. Three times `str.translate` on real posts.
_ERRORS = "rayonner-fold"
# Stands for the Latin-1 characters that fold to several letters (æ, ß, ½): their rare text is folded the long way.
_SPELLED = 1


def _byte(code: int) -> int:
    plain = _plain(code)
    if len(plain) != 1:
        return _SPELLED
    return ord(plain if plain.isascii() else _FOREIGN)


_BYTES = bytes(map(_byte, range(256)))


def _outside_latin(error: UnicodeError) -> tuple[str, int]:
    """Fold a run of characters that Latin-1 does not hold."""
    assert isinstance(error, UnicodeEncodeError)
    return _ascii(error.object[error.start : error.end]), error.end


def _ascii(text: str) -> str:
    folded = text.translate(_TABLE)
    return folded if folded.isascii() else "".join(c if c.isascii() else _FOREIGN for c in folded)


codecs.register_error(_ERRORS, _outside_latin)


def fold_bytes(text: str) -> bytes:
    """`fold(text)` as ASCII, each letter outside ASCII as "@". Linear time."""
    # The two most frequent characters outside Latin-1 are spared the way through Python.
    common = text.replace("’", "'").replace("…", " ")
    folded = common.encode("latin-1", _ERRORS).translate(_BYTES)
    return folded if _SPELLED not in folded else _ascii(text).encode()
