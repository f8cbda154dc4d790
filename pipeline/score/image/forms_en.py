"""Writes out the forms of an English word: enough of the regular grammar for a list of themes."""

from __future__ import annotations

from collections.abc import Callable

_VOWELS = "aeiou"


def noun(lemma: str) -> set[str]:
    """Singular and plural."""
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return {lemma, lemma + "es"}
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return {lemma, lemma[:-1] + "ies"}
    return {lemma, lemma + "s"}


def verb(lemma: str) -> set[str]:
    """Present, past and participle of a regular verb; irregular ones are listed as they are written."""
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    return noun(lemma) | {stem + "ed", stem + "ing"}


FORMS: dict[str, Callable[[str], set[str]]] = {
    "adj": lambda lemma: {lemma},
    "noun": noun,
    "verb": verb,
    "as": lambda lemma: {lemma},
}
