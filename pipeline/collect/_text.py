"""Text and ids from outside made safe to keep: one place for all sources, linear in the length of what came."""

from __future__ import annotations

import re
import sys
import unicodedata

# A long article is some 30,000 characters; what is longer is not a post and must not slow the night.
MAX_TEXT = 100_000

# NUL is refused by PostgreSQL; a lone surrogate cannot be written as UTF-8.
_SURROGATES = re.compile("[\ud800-\udfff]+")

# Sorting a run of combining marks is quadratic inside unicodedata.normalize: 100,000 of them take minutes. Unicode's
# stream-safe format (UAX 15) allows 30; no writing system needs more. Below 500 characters the cost is not felt.
_LONG_ENOUGH_TO_HURT = 500
_MARKS = "".join(re.escape(chr(c)) for c in range(0x300, sys.maxunicode + 1) if unicodedata.combining(chr(c)))
_LONG_RUN = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")


def clean(text: str) -> str:
    """The text in NFC without NUL and lone surrogates, cut at MAX_TEXT characters; emoji stay."""
    text = text[:MAX_TEXT]
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()  # ten times faster than a search for surrogates
    except UnicodeEncodeError:
        text = _SURROGATES.sub("", text)
    if len(text) > _LONG_ENOUGH_TO_HURT:
        text = _LONG_RUN.sub(r"\1", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def storable(text: str) -> bool:
    """Whether a short text (an id, a handle) holds no blank, control character or lone surrogate."""
    return text.isprintable() and " " not in text
