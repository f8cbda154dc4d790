"""Chooses who reads a text: the fast scorer of its language alone, or both where the fast one is in doubt."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, Protocol, cast

from pipeline.model import Label
from pipeline.score import sentiment
from pipeline.score.masking import says_nothing

TIERS = ("accurate", "fast", "cascade")
LABELS: tuple[Label, Label, Label] = ("negative", "neutral", "positive")
Probabilities = tuple[float, float, float]

# A text is sent on to the accurate scorer when the fast one's first choice is less likely than this.
# Both points were read from the curve of cost and quality that `rayonner evaluate` prints. From 0.64 to 0.70 macro-F1
# on validation moves by less than a point, as it does by luck; 0.64 asks a fifth fewer texts than 0.70 and, unlike 0.65
# to 0.68, keeps the calibration error of both languages under 0.05. Its price: of 6,000 real French posts asking about
# the others too would give another answer to 28 in 1,000, not 15 (34 for the cascade's point).
SURE = {"accurate": 0.64, "cascade": 0.62}

# How much the fast scorer is heard beside the accurate one, for a hundredth of its time. On validation 0.35 is worth
# 2.7 points of macro-F1 in French and 2.1 in English; surprise differs by less than 0.003 from 0.3 to 0.4.
HEARD = 0.35

# A text with nothing but own words, handles and links says nothing: neutral, with a little room for doubt.
NEUTRAL: Probabilities = (0.02, 0.96, 0.02)


class Tone(NamedTuple):
    """Tone of one text and who read it; None is not scored."""

    label: Label | None
    score: float | None
    probabilities: Probabilities | None
    scorer: str


class Scorer(Protocol):
    """What a module of this folder named after a language offers."""

    NAME: str
    VERSION: str

    def tones(self, texts: Sequence[str]) -> list[Probabilities]:
        """Calibrated (negative, neutral, positive) of each masked text."""
        ...


NOBODY = Tone(None, None, None, "language/2")


def read(texts: Sequence[str], langs: Sequence[str | None], tier: str) -> list[Tone]:
    """Tone of each masked text in the language given, in order. ValueError for an unknown tier."""
    if tier not in TIERS:
        raise ValueError(f"tier is {tier!r}: accurate, fast or cascade")
    found = [NOBODY] * len(texts)
    by_lang: dict[str, list[int]] = defaultdict(list)
    for i, lang in enumerate(langs):
        if lang in languages():
            by_lang[lang].append(i)
    for lang, rows in by_lang.items():
        asked = [texts[i] for i in rows]
        told = doubting(asked, lang, SURE[tier]) if tier in SURE else _fast(asked, lang)
        for i, tone in zip(rows, told, strict=True):
            found[i] = tone
    return found


@cache
def languages() -> frozenset[str]:
    """Languages that are scored: those that have a file in this folder named by their two letters."""
    return frozenset(name for _, name, _ in pkgutil.iter_modules(sentiment.__path__) if len(name) == 2)


def _fast(texts: list[str], lang: str) -> list[Tone]:
    return _by(cast(Scorer, importlib.import_module(f"pipeline.score.sentiment.{lang}")), texts)


def doubting(texts: list[str], lang: str, sure: float) -> list[Tone]:
    """The fast scorer's tones, and both scorers' together where it was less sure than `sure` (0 to 1)."""
    found = _fast(texts, lang)
    doubtful = [i for i, tone in enumerate(found) if max(tone.probabilities or NEUTRAL) < sure]
    if model := accurate():
        for i, tone in zip(doubtful, _by(model, [texts[i] for i in doubtful]), strict=True):
            found[i] = _blend(tone, found[i])
    return found


def _blend(accurate: Tone, fast: Tone) -> Tone:
    """Weighted geometric mean of two scorers: they err on different texts."""
    if NEUTRAL in (accurate.probabilities, fast.probabilities):
        return accurate
    pairs = zip(accurate.probabilities or NEUTRAL, fast.probabilities or NEUTRAL, strict=True)
    a, b, c = (one ** (1 - HEARD) * other**HEARD for one, other in pairs)
    total = a + b + c or 1.0
    return toned((a / total, b / total, c / total), f"{accurate.scorer}&{fast.scorer}")


def accurate() -> Scorer | None:
    """The accurate scorer, None where its model or what runs it is not installed."""
    try:
        module = importlib.import_module("pipeline.score.sentiment.accurate")
    except ModuleNotFoundError:
        return None
    return cast(Scorer, module) if module.available() else None


def _by(scorer: Scorer, texts: list[str]) -> list[Tone]:
    """Tones by one scorer, each distinct text asked once; texts that say nothing are neutral without being asked."""
    name = f"{scorer.NAME}/{scorer.VERSION}"
    known = {text: NEUTRAL for text in texts if says_nothing(text)}
    asked = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(asked, scorer.tones(asked), strict=True))
    return [toned(known[text], name) for text in texts]


def toned(probabilities: Probabilities, scorer: str) -> Tone:
    """The tone that probabilities of (negative, neutral, positive) make, as told by `scorer`."""
    best = max(range(3), key=probabilities.__getitem__)
    return Tone(LABELS[best], round(probabilities[2] - probabilities[0], 4), probabilities, scorer)
