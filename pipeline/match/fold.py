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
    found = []
    for c in unicodedata.normalize("NFKD", chr(code)).casefold():
        if c in _LETTERS:
            found.append(_LETTERS[c])
        elif c.isalnum() or c in _KEPT:
            found.append(c)
        elif unicodedata.category(c) not in {"Mn", "Me", "Cf"}:
            found.append(" ")
    return "".join(found)


class _Table(dict[int, str]):
    """What `str.translate` looks characters up in: filled as they are met, one entry per code point at most."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(code)
        return self[code]


_TABLE = _Table()


def fold(text: str) -> str:
    """`text` folded; words are parted by one or more blanks, its length may differ. Linear time."""
    return text.translate(_TABLE)


def origins(text: str) -> range | list[int]:
    """For each character of `fold(text)` and one past the end, the position in `text` it comes from."""
    if text.isascii():
        return range(len(text) + 1)
    found = [position for position, c in enumerate(text) for _ in _TABLE[ord(c)]]
    found.append(len(text))
    return found


def words(text: str) -> tuple[str, ...]:
    """The folded words of a name or a phrase."""
    return tuple(fold(text).replace("_", " ").split())


# The same fold to bytes, for the gate that every post passes: Latin-1 is encoded and translated at C speed, and only
# the runs outside it (emoji, œ, combining marks) come back to Python. Three times `str.translate` on real posts.
_ERRORS = "rayonner-fold"
_BYTES = bytes(ord((f if f.isascii() else _FOREIGN) if len(f := _plain(code)) == 1 else " ") for code in range(256))
# The Latin-1 characters that do not fold to one letter, and the two most frequent ones outside Latin-1.
_UNEVEN = (*((c, _plain(ord(c))) for c in "æÆßþÞ½¼¾\xad"), ("’", "'"), ("…", " "))


def _outside_latin(error: UnicodeError) -> tuple[str, int]:
    """Fold a run of characters that Latin-1 does not hold."""
    assert isinstance(error, UnicodeEncodeError)
    folded = error.object[error.start : error.end].translate(_TABLE)
    return "".join(c if c.isascii() else _FOREIGN for c in folded), error.end


codecs.register_error(_ERRORS, _outside_latin)


def fold_bytes(text: str) -> bytes:
    """`fold(text)` as ASCII, each letter outside ASCII as "@". Linear time."""
    for uneven, plain in _UNEVEN:
        if uneven in text:
            text = text.replace(uneven, plain)
    return text.encode("latin-1", _ERRORS).translate(_BYTES)
