"""Finds the other places that a text names beside the one that is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline import gazetteer
from pipeline.score.toward.view import OTHER

# Names of smaller communes are more often somebody's, or a word.
INHABITANTS = 10_000
KNOWN = 4096  # names whose answer is kept

# "Le Mans", "La Rochelle": what follows an article alone is often no name.
_CAPITAL = re.compile(r"(?:L[ae]s? )?[A-ZÀ-Ý][\w’'-]+")
_ELIDED = re.compile(r"^[DLSNJCM]['’]|^Qu['’]")


def spans(text: str, own: str) -> Iterator[tuple[int, int]]:
    """Where `text`, as `view.spoken` writes it, names a place that is not `own` (folded): a brand's place that matching
    found, or a region, a département or a commune of INHABITANTS by the gazetteer. Character offsets.
    """
    for found in _CAPITAL.finditer(text):
        name = _ELIDED.sub("", found[0])
        if gazetteer.fold(name) != own and _is_place(name):
            yield found.end() - len(name), found.end()
    yield from (found.span() for found in re.finditer(OTHER, text))


@lru_cache(KNOWN)
def _is_place(name: str) -> bool:
    return any(
        one.level in {"region", "departement"} or (one.level == "commune" and (one.population or 0) >= INHABITANTS)
        for one in gazetteer.named(name)
    )
