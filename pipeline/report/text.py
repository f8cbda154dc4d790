"""Texts made fit to be shown: one harmless line, French signs kept with their word. Loads nothing of the mail room."""

from __future__ import annotations

import unicodedata

NBSP = "\N{NO-BREAK SPACE}"


def capital(text: str) -> str:
    """The text with its first letter a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def tied(text: str) -> str:
    """French signs kept on the line of the word before them, so that the catalogue can be written with plain spaces."""
    for sign in ":;?!»%":
        text = text.replace(f" {sign}", NBSP + sign)
    return text.replace("« ", f"«{NBSP}")


def line(text: str, longest: int = 120) -> str:
    """Text from elsewhere as one harmless line: no control, invisible or half character; cut at a word.

    Direction marks go too: they would turn round the words after them. Linear in `longest`, whatever comes in.
    """
    # Four times the length is more than any run of blanks in honest text needs, and bounds a post of a megabyte.
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: longest * 4])
    flat = " ".join(unicodedata.normalize("NFC", kept).split())
    if len(flat) <= longest:
        return flat
    cut = flat[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > longest // 2 else cut).rstrip(" ,;:.") + "\N{HORIZONTAL ELLIPSIS}"
