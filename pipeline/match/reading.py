"""Reads a text into folded words that know where they stand: links out, hashtags taken apart, accounts kept whole."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.match.fold import fold, fold_with_origins

# Links and bare domains hold names that nobody wrote ("www.tours.fr"). The endings are those seen in French posts.
# The bounds keep hostile text ("a-a-a-a…") linear.
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]{1,60}(?:\.[\w-]{1,60}){0,3}\.(?:fr|com|org|net|eu|info|gouv|tv|be|ch)\b(?:/\S*)?"
)
_WORD = re.compile(r"[^ ]+")
_PIECE = re.compile(r"[^_ ]+")

# Where a hashtag changes from small to capital, to a new word in capitals, or between letters and digits.
_HUMP = re.compile(
    r"(?<=[^\W\d_A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-ÿœ])"
    r"|(?<=\D)(?=\d)|(?<=\d)(?=\D)|(?<=_)|(?=_)"
)
# A hashtag longer than this is noise; the longest real ones seen have about forty letters.
_LONGEST_TAG = 80

# What parts two words more than a blank, a hyphen, an apostrophe, a quotation mark or a # does.
_HARD = re.compile(r"[^\s\w'’ʼ‘`´\-‐‑–—¬#＃\"«»“”„*_~@\u00ad\u200b-\u200f\u2060\ufe0f]")

# What parts two sentences. A full stop counts only before a blank, and after more than an abbreviation ("M. Bourges").
_BREAK = re.compile(r"[!?;\n\r|•…]|\.\s")
_ABBREVIATION = frozenset(
    ("m", "mm", "mme", "mmes", "mlle", "mgr", "dr", "me", "pr", "st", "ste", "av", "bd", "bld", "pl")
)
_ABBREVIATION |= {"r", "dpt", "dep", "dept", "cne", "gal", "cdt", "lt", "ch", "fg", "arr"}


_PLAIN_GAPS = frozenset((" ", "'", "’", "-"))

# The small words that a hashtag may follow inside a phrase: "dans la #Manche", "maire de #Lens".
_LEADS_TO_TAG = frozenset(
    ("a", "au", "aux", "de", "d", "du", "des", "en", "la", "le", "les", "l", "et", "in", "sur", "par")
)
_LEADS_TO_TAG |= {"vers", "depuis", "contre", "face", "pour", "ma", "notre", "votre", "direction", "via", "outre", "vs"}


class Word(NamedTuple):
    """One folded word. `start` and `end` are offsets in the text; `tag` says that it stands in a hashtag,
    `whole` that it is all of it; `capital` that it is written with one; `breaks` that a sentence begins with it;
    `soft` that nothing harder than a blank, a hyphen or an apostrophe stands before it.
    """

    folded: str
    start: int
    end: int
    capital: bool
    tag: bool
    whole: bool
    breaks: bool
    soft: bool


def read(text: str) -> list[Word]:
    """The words of `text` in order. Linear time; links are left out, "@account" is one word that begins with "@"."""
    shown = _LINK.sub(lambda link: " " * len(link[0]), text) if "." in text or "://" in text else text
    folded, places = fold_with_origins(shown)
    words: list[Word] = []
    before = 0
    for found in _WORD.finditer(folded):
        plain = found[0]
        start, end = places[found.start()], _end(places, found.end(), shown)
        breaks, soft = _joint(shown[before:start], words[-1]) if words else (True, False)
        before = end
        if "@" in plain:
            words.append(Word(plain, start, end, False, False, False, breaks, soft))
        elif start and shown[start - 1] in "#＃" and end - start <= _LONGEST_TAG:
            words.extend(_tag(shown, start, end, breaks, soft))
        elif "_" in plain:
            words.extend(_pieces(shown, folded, found.span(), places, breaks, soft))
        else:
            words.append(Word(plain, start, end, shown[start].isupper(), False, False, breaks, soft))
    return words


def _pieces(
    text: str, folded: str, span: tuple[int, int], places: range | list[int], breaks: bool, soft: bool
) -> Iterator[Word]:
    """The words that underscores join at `span` of `folded`."""
    for piece in _PIECE.finditer(folded, *span):
        start = places[piece.start()]
        yield Word(piece[0], start, _end(places, piece.end(), text), text[start].isupper(), False, False, breaks, soft)
        breaks, soft = False, True


def _end(places: range | list[int], position: int, text: str) -> int:
    """One past the last character of a word whose folded end is `position`; its combining marks belong to it."""
    end = places[position - 1] + 1
    if isinstance(places, range):
        return end
    while end < len(text) and not text[end].isascii() and not fold(text[end]):
        end += 1
    return end


def _joint(gap: str, before: Word) -> tuple[bool, bool]:
    """Whether a sentence begins after `gap`, and whether `gap` leaves its two words side by side.

    A hashtag belongs to the phrase behind a small word only: "à #Lille", but not "les vacances #Tours".
    """
    if "#" in gap:
        return bool(_BREAK.search(gap)), before.folded in _LEADS_TO_TAG and not before.tag
    if gap in _PLAIN_GAPS or (before.folded in _ABBREVIATION and gap.startswith(".")):
        return False, True
    return bool(_BREAK.search(gap)), not _HARD.search(gap)


def _tag(text: str, start: int, end: int, breaks: bool, soft: bool) -> Iterator[Word]:
    """The words of a hashtag: "#HauteMarne2020" reads haute, marne, 2020."""
    written = text[start:end]
    cuts = sorted({0, *(hump.start() for hump in _HUMP.finditer(written)), len(written)})
    parts = ((a, b, fold(written[a:b]).strip(" _")) for a, b in itertools.pairwise(cuts))
    pieces = [part for part in parts if part[2]]
    for a, b, piece in pieces:
        yield Word(piece, start + a, start + b, True, True, len(pieces) == 1, breaks and a == 0, soft or a > 0)
