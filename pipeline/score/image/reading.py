"""Tags a text by the words it uses: themes, audiences, emotions that are not denied, senses evoked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.score.folding import words
from pipeline.score.image import lexicon
from pipeline.score.image.lexicon import KINDS, STRONG, Told

NAME = "image"
VERSION = "image/1"
LANGUAGES = frozenset(("fr", "en"))

READ = 4000  # characters: the longest post of any platform we read, and a bound on what a hostile one costs
BEFORE = 4  # words before an emotion in which it may be denied: "je ne suis pas du tout triste"

_DENIES = words("pas jamais aucun aucune sans ni rien not never no without isn aren wasn don didn nor")
_LOST = words("ne n")  # what makes a "plus" deny: "je n'ai plus peur"
_ONLY = words("que qu seulement only just seul")  # "pas seulement triste", "not only happy" deny nothing


@dataclass(frozen=True, slots=True)
class Image:
    """The tags of one text, each kind in alphabetical order; an empty kind was looked for and not found.

    `emotions` are experimental: words alone find less than half of what a person feels in a text.
    """

    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    senses: tuple[str, ...] = ()


class Evidence(NamedTuple):
    """Words of a text (folded) and one thing they say."""

    words: str
    told: Told


def read(texts: Sequence[str], langs: Sequence[str | None]) -> list[Image | None]:
    """The image in each text, whose own words are masked; None in a language that has no list (LANGUAGES)."""
    return [_image(text, lang) if lang in LANGUAGES else None for text, lang in zip(texts, langs, strict=True)]


def evidence(text: str, lang: str) -> list[Evidence]:
    """What the words of a text say, in their order, denied emotions left out."""
    found = lexicon.cut(text[:READ])
    return [Evidence(" ".join(found[start:end]), told) for start, end, told in _said(found, lang)]


def _image(text: str, lang: str) -> Image:
    found = lexicon.cut(text[:READ])
    sums: dict[tuple[str, str], int] = {}
    weak: set[tuple[str, str, str]] = set()
    for start, _, (kind, tag, weight) in _said(found, lang):
        if weight < STRONG:
            if (kind, tag, found[start]) in weak:
                continue  # a word said twice is no second sign
            weak.add((kind, tag, found[start]))
        sums[kind, tag] = sums.get((kind, tag), 0) + weight
    sure = sorted(key for key, total in sums.items() if total >= STRONG)
    return Image(*(tuple(tag for of, tag in sure if of == kind) for kind in KINDS))


def _said(found: Sequence[str], lang: str) -> Iterator[tuple[int, int, Told]]:
    """Start, end and meaning of every entry met: the longest at each word, none inside another."""
    table = lexicon.table(lang)
    free = dict.fromkeys(KINDS, 0)  # by kind, the first word that no entry has taken yet
    for at, word in enumerate(found):
        for rest, told in table.get(word, ()):
            end = at + 1 + len(rest)
            if rest and tuple(found[at + 1 : end]) != rest:
                continue
            for kind in KINDS if not told else sorted({one.kind for one in told if free[one.kind] <= at}):
                free[kind] = end
                for one in told:
                    if one.kind == kind and (kind != "emotions" or not _denied(found, at)):
                        yield at, end, one


def _denied(found: Sequence[str], at: int) -> bool:
    """Whether one of the few words before position `at` says that it is not so."""
    before = found[max(0, at - BEFORE) : at]
    for i, word in enumerate(before):
        if word in _DENIES:
            return before[i + 1] not in _ONLY if i + 1 < len(before) else True
        if word == "plus" and any(one in _LOST for one in found[max(0, at - BEFORE - 3) : at]):
            return True
    return False
