"""What a text says of one place where another is named beside it: its own clause, which the encoder reads too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline import gazetteer
from pipeline.score.folding import fold
from pipeline.score.toward.view import COMMAS, COMPARES, ELSEWHERE, HERE, NAME, THAN, TURNS, Place, marked, plainly

# Names of smaller communes are more often somebody's, or a word.
INHABITANTS = 10_000
KNOWN = 4096  # names whose answer is kept

_PIECE = re.compile(rf"[.!?…]+|[{re.escape(''.join(sorted(COMMAS)))}]|\w+['’]?")
_ENDS = frozenset(".!?…")
# "Le Mans", "La Rochelle": what follows an article alone is often no name.
_CAPITAL = re.compile(r"(?:L[ae]s? )?[A-ZÀ-Ý][\w’'-]+")
_ELIDED = re.compile(r"^[DLSNJCM]['’]|^Qu['’]")


def part(place: Place) -> str | None:
    """The place's own clause in plain words; None where the text names no other place outside of it."""
    told = marked(place).replace(f"{NAME} ", "")
    at = told.find(HERE)
    cuts = list(_cuts(told))
    start = max((end for _, end in cuts if end <= at), default=0)
    end = min((first for first, _ in cuts if first >= at + len(HERE)), default=len(told))
    own = gazetteer.fold(place.text[place.start : place.end])
    return plainly(told[start:end]) if _names_another(told[:start] + " | " + told[end:], own) else None


def _names_another(told: str, own: str) -> bool:
    found = (_ELIDED.sub("", name[0]) for name in _CAPITAL.finditer(told))
    return ELSEWHERE in told or any(gazetteer.fold(name) != own and _is_place(name) for name in found)


def _cuts(told: str) -> Iterator[tuple[int, int]]:
    """Spans of what parts clauses: signs, contrasts ("mais", "alors"), and the "que" of a comparison."""
    compared = False
    for found in _PIECE.finditer(told):
        word = fold(found[0])
        if word in COMPARES:
            compared = True
        elif not word[:1].isalnum() or word in TURNS or (compared and word in THAN):
            compared = compared and found[0][0] not in _ENDS
            yield found.span()


@lru_cache(KNOWN)
def _is_place(name: str) -> bool:
    return any(
        one.level in {"region", "departement"} or (one.level == "commune" and (one.population or 0) >= INHABITANTS)
        for one in gazetteer.named(name)
    )
