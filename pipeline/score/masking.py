"""Hides a brand's own words before tone is read: a slogan that "inspires" is not a compliment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pipeline.score.folding import fold, fold_with_positions, words

VERSION = "1"
# What stands for own words, for an author and for a link. The last two are those of the training texts.
OWN, HANDLE, LINK = "Lieu", "@user", "http"

_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|(?<!\w)https?\b|(?<![\w@])@\w+(?:\.[\w-]+)*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W_]+")
# Between two words of a slogan: nothing (a hashtag), a blank, a hyphen, an apostrophe, up to three of them.
_GAP = r"[\W_]{0,3}"


def mask(text: str, own_words: tuple[str, ...]) -> str:
    """`text` with own words, handles and links replaced by neutral words, whatever accents, case or hyphens.

    `own_words` are taglines, brand names, hashtags and handles as the brand file writes them.
    """
    return addresses(replace(text, spans(text, own_words), OWN))


def addresses(text: str) -> str:
    """`text` with handles and links written as in the training texts."""
    return _ADDRESS.sub(lambda found: HANDLE if found[0][0] == "@" else LINK, text)


def spans(text: str, own_words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where `own_words` stand in `text`: character offsets, in order, none inside another."""
    pattern = _pattern(own_words)
    if pattern is None:
        return []
    folded, positions = fold_with_positions(text)
    return [(positions[found.start()], positions[found.end()]) for found in pattern.finditer(folded)]


def replace(text: str, found: Iterable[tuple[int, int]], by: str) -> str:
    """`text` with each span of `found`, which are in order, written as `by`."""
    kept: list[str] = []
    after = 0
    for start, end in found:
        kept += text[after:start], by
        after = end
    return "".join(kept) + text[after:]


@lru_cache(maxsize=4096)  # a national catalogue has about 2,000 brands
def _pattern(own_words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for all own words, the longest first, as whole words of the folded text."""
    spelled = {tuple(_LETTERS.findall(fold(word))) for word in own_words} - {()}
    ordered = sorted(spelled, key=lambda parts: (-sum(map(len, parts)), parts))
    if not ordered:
        return None
    either = "|".join(map(_spelled, ordered))
    return re.compile(rf"(?<![^\W_])[#@]?(?:{either})(?![^\W_])")


def _spelled(parts: tuple[str, ...]) -> str:
    """Words one after another; an article before them may be missing, as in most hashtags."""
    if len(parts) > 1 and parts[0] in _ARTICLES:
        return f"(?:{parts[0]}{_GAP})?{_GAP.join(map(re.escape, parts[1:]))}"
    return _GAP.join(map(re.escape, parts))


_ARTICLES = words("le la les l the")

# Words that say nothing of their own beside a slogan.
_HOLLOW = words(f"{OWN} http https user rt via amp le la les l d de du des un une et a au aux en the of in at and")


def says_nothing(masked: str) -> bool:
    """Whether a masked text holds no word or sign of its own: only own words, handles, links and punctuation."""
    if any(word not in _HOLLOW for word in _LETTERS.findall(fold(masked))):
        return False
    return not any(letter > "\u2190" and unicodedata.category(letter) == "So" for letter in masked)
