"""Reads the word lists of this folder into a table by first word, every form written out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.score.folding import fold
from pipeline.score.image import forms_en
from pipeline.score.sentiment import forms_fr

KINDS = ("themes", "audiences", "emotions", "senses")
STRONG, WEAK = 2, 1  # a tag is told at STRONG: one word that is sure of it, or two different ones that are not

_HERE = Path(__file__).parent
_FORMS: Mapping[str, Mapping[str, Callable[[str], set[str]]]] = {"fr": forms_fr.FORMS, "en": forms_en.FORMS}
_TOKEN = re.compile(r"[^\W_]+|[!\u2190-\u2bff\U0001f000-\U0001faff]")


class Told(NamedTuple):
    """What a word says: the kind of tag, the tag, and how surely (STRONG or WEAK)."""

    kind: str
    tag: str
    weight: int


class Entry(NamedTuple):
    """The words that follow the first one (none for a single word) and what they say together."""

    rest: tuple[str, ...]
    told: tuple[Told, ...]


def cut(text: str) -> list[str]:
    """The words and emoji of a text, folded; apostrophes and hyphens part words."""
    return _TOKEN.findall(fold(text))


@cache
def table(lang: str) -> Mapping[str, tuple[Entry, ...]]:
    """First word -> entries, the longest first, of the list in `lang` ("fr" or "en")."""
    said: dict[tuple[str, ...], dict[tuple[str, str], int]] = {}
    for kind, tag, weight, words in _lines((_HERE / f"words_{lang}.txt").read_text("utf8"), lang):
        tags = said.setdefault(words, {})
        if kind:
            tags[kind, tag] = max(weight, tags.get((kind, tag), 0))
    entries: dict[str, list[Entry]] = {}
    for (first, *rest), tags in said.items():
        told = tuple(Told(kind, tag, weight) for (kind, tag), weight in sorted(tags.items()))
        entries.setdefault(first, []).append(Entry(tuple(rest), told))
    return {first: tuple(sorted(found, key=lambda e: -len(e.rest))) for first, found in entries.items()}


@cache
def tags(kind: str) -> tuple[str, ...]:
    """The tags of one of KINDS, in alphabetical order."""
    found = (told for entries in table("fr").values() for entry in entries for told in entry.told)
    return tuple(sorted({told.tag for told in found if told.kind == kind}))


def _lines(text: str, lang: str) -> Iterator[tuple[str, str, int, tuple[str, ...]]]:
    """(kind, tag, weight, folded words) of every form; the kind is "" for words that are to say nothing."""
    kind = tag = ""
    for line in text.splitlines():
        if line.startswith("["):
            kind, _, tag = line[1:-1].rpartition(" ")
        elif line and not line.startswith("#"):
            form, *lemmas = line.split()
            weight, forms = (WEAK if form.startswith("~") else STRONG), _FORMS[lang][form.lstrip("~")]
            for lemma in lemmas:
                yield from ((kind, tag, weight, words) for words in _forms(lemma, forms))


def _forms(lemma: str, forms: Callable[[str], set[str]]) -> set[tuple[str, ...]]:
    """The folded words of each form; of several words the first is inflected, or the last, or both."""
    first, *rest = lemma.split("_")
    if not rest:
        return {tuple(cut(form)) for form in forms(lemma)}
    *middle, last = rest
    heads, tails = {first, *forms(first)}, {last, *forms(last)}
    return {tuple(cut(" ".join((head, *middle, tail)))) for head in heads for tail in tails}
