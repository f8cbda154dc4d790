"""Finds a place in a text as people write it: glued in a hashtag, contracted with its article, "St" for "Saint"."""

from __future__ import annotations

import re

from pipeline.score.folding import fold, fold_with_positions

_HUMP = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])")  # in "HauteMarne", before "Marne"
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"#\w+$")

# How the first word of a name may be written: "au Mans" is in Le Mans.
_CONTRACTED = {"le": "au|du", "les": "aux|des"}
_ARTICLES = frozenset(("l", "la", "le", "les"))
_SAINTS = {"saint": "saint|st", "st": "saint|st", "sainte": "sainte|ste", "ste": "sainte|ste"}


def span(text: str, target: str) -> tuple[int, int] | None:
    """Where `target` first stands in `text`, accents, case, hyphens and blanks aside; None when it is not there."""
    names = _WORD.findall(fold(_HUMP.sub(" ", target)))
    if not names:
        return None
    folded, places = fold_with_positions(text)
    letters = [i for i, c in enumerate(folded) if c.isalnum()]
    glued = "".join(folded[i] for i in letters)
    for pattern, named in _patterns(names):
        for found in re.finditer(pattern, glued):
            first, last = places[letters[found.start()]], places[letters[found.end() - 1] + 1]
            if _apart(text, first, last) and (not named or _named(text, first)):
                return places[letters[found.start("name")]], last
    return None


def _patterns(names: list[str]) -> list[tuple[str, bool]]:
    """Patterns of glued letters, the likeliest first, and whether what they find must be written as a name."""
    spelled = [_either(_SAINTS.get(name, re.escape(name))) for name in names]
    whole = [(f"(?P<name>{''.join(spelled)})", False)]
    if len(names) == 1 or names[0] not in _ARTICLES:
        return whole
    rest = f"(?P<name>{''.join(spelled[1:])})"
    if names[0] in _CONTRACTED:
        whole.append((_either(_CONTRACTED[names[0]]) + rest, False))
    return [*whole, (rest, True)]  # "en Vendée" is in La Vendée, "un havre" is not in Le Havre


def _either(words: str) -> str:
    return f"(?:{words})"


def _named(text: str, start: int) -> bool:
    return text[start].isupper() or text[max(0, start - 1)] == "#"


def _apart(text: str, start: int, end: int) -> bool:
    """Whether words end on both sides, or those that a hashtag glues: after its article, or where capitals say so."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    tag = _TAG.search(text, max(0, start - 100), start)
    in_tag = tag is not None or before == "#"
    opens = not before.isalnum() or (
        tag is not None and (fold(tag[0][1:]) in _ARTICLES or (before.islower() and text[start].isupper()))
    )
    return opens and (not after.isalnum() or (in_tag and after.isupper() and text[end - 1].islower()))
