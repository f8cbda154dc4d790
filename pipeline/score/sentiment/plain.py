"""Brings a post to the form that the sentiment encoder was trained on: addresses and handles become one word each.

Linear in the length of the text, and safe on anything that a network can send.
"""

from __future__ import annotations

import html
import re

# 1,000 characters hold any post of 128 pieces; what follows would not be read by the encoder anyway.
LONGEST = 1000

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")  # some archives hold JSON escapes twice, UMSAB's English among them
_LINK = re.compile(r"(?:https?://|www\.)\S*", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@\w[\w.-]*")
_HANDLES = re.compile(r"(?:@user\s+){2,}")
_QUOTES = re.compile(r'\\?"{2,}')
_RUN = re.compile(r"(.)\1{3,}", re.DOTALL)
_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff\ufe20-\ufe2f]{3,}")  # zalgo
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u200b\u2060\ufeff]+")


def plain(text: str) -> str:
    """The text as the encoder reads it, at most 1,000 characters; never raises, on lone surrogates neither."""
    text = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    text = _ESCAPE.sub(_character, text)
    text = html.unescape(text)
    text = _HANDLE.sub("@user", _LINK.sub("http", text))
    text = _RUN.sub(r"\1\1\1", _MARKS.sub("", _QUOTES.sub('"', text)))
    return _HANDLES.sub("@user ", _SPACE.sub(" ", text)).strip()


def _character(found: re.Match[str]) -> str:
    point = int(found[1], 16)
    return " " if 0xD800 <= point <= 0xDFFF else chr(point)
