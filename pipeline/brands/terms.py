"""Which terms are too short or too common to be listened for by themselves."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline.gazetteer import fold

# Two letters stand in every tenth post (acronyms, "Eu", "ça"): nothing with fewer than three can be told apart.
SHORTEST_TERM = 3

_WORDS = Path(__file__).with_name("ordinary_words.txt")
_ARTICLES = frozenset(["le", "la", "les", "l", "un", "une", "du", "de", "des", "d"])


def short(term: str) -> bool:
    """Whether fewer than three letters are left of the term, or nothing but digits."""
    letters = fold(term).replace(" ", "")
    return len(letters) < SHORTEST_TERM or letters.isdecimal()


def ordinary(term: str) -> bool:
    """Whether the term, its article aside, is one word that French uses for something else ("La Manche", "Nice")."""
    words = fold(term).split()
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return len(words) == 1 and words[0] in _ordinary_words()


@cache
def _ordinary_words() -> frozenset[str]:
    rows = _WORDS.read_text("utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())
