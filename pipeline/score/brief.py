"""Reads posts of a word or two around a place, which are too short for their letters to tell a language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipeline.score import language
from pipeline.score.folding import fold
from pipeline.score.masking import addresses, replace, spans
from pipeline.score.sentiment import en, fr, tokens
from pipeline.score.sentiment.lexicon import SIGNS
from pipeline.score.sentiment.tiers import Probabilities

NAME = "signs"
VERSION = "1"

LONGEST = 80  # characters: two words, a long name and a link; longer posts have more words than that

_WORD = re.compile(r"[^\W\d_]+")
_STRONGEST = 2.0  # weight of an emoji in SIGNS
# How sure signs of one side make us: 12 of the 14 texts of toward_gold.tsv that hold some are of that side.
_SURE = 0.8


def outside(text: str, places: Iterable[tuple[int, int]], own_words: tuple[str, ...]) -> str:
    """What stands in the text beside places, own words, handles and links; a span out of bounds counts for nothing."""
    text = text[: language.READ]
    bare, after = "", 0
    for start, end in sorted(span for span in places if 0 <= span[0] < span[1] <= len(text)):
        if start >= after:
            bare += text[after:start] + " , "
            after = end
    bare += text[after:]
    return language.unaddressed(addresses(replace(bare, spans(bare, own_words), " ")))


def speaks(bare: str) -> str | None:
    """fr or en when the few words of `bare` praise, blame or join words in that one only; None else.

    Letters cannot tell the language of "Dijon = nul", but "nul" is in one lexicon and not in the other. VADER's lists
    "super", "passion" and "fantastico" too: a word of it must also look English, said often enough for letters to tell.
    """
    words = _WORD.findall(bare.lower())
    if not 0 < len(words) < language.FEW:
        return None
    told = {owner for word in words for owner in _owners(word)}
    if told == {"en"} and language.identify([" ".join(words * language.FEW)]) != ["en"]:
        return None
    return told.pop() if told in ({"fr"}, {"en"}) else None


def signs(bare: str) -> Probabilities | None:
    """Tone of a text whose only words are places, by its emoji and smileys; None where they say nothing.

    Signs are the same in every language, so that "Dijon 🤮" is read although its language is unknown; a model of one
    language is not asked, because it learnt signs beside words and leans to neutral without them.
    """
    found = tokens.cut(bare).tokens
    weights = [SIGNS[token] for token in found if token in SIGNS]
    if not weights or any(map(str.isalnum, "".join(token for token in found if token not in SIGNS))):
        return None
    mean = _SURE * sum(weights) / len(weights) / _STRONGEST
    return max(-mean, 0.0), 1 - abs(mean), max(mean, 0.0)


def _owners(word: str) -> tuple[str, ...]:
    """The languages that a word speaks for; one that several have, as "horrible" or "con" (with), speaks for none."""
    joins = language.speakers(word) if len(word) > 1 else ()
    folded = fold(word)
    owners = joins or tuple(name for name, lexicon in _lexicons().items() if folded in lexicon)
    return owners if len(owners) == 1 else ()


@cache
def _lexicons() -> dict[str, dict[str, float]]:
    return {"fr": fr.lexicon(), "en": en.lexicon()}
