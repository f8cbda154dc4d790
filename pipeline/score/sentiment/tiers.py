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

# A text is sent on to the accurate scorer when the fast one's first choice is less likely than SURE. Its first layers'
# answer is enough when their first choice is at least as likely as ENOUGH; NEVER asks all layers always. The pairs were
# read from the curve of cost and quality that `rayonner evaluate` prints and from 3,000 real posts: `accurate` takes
# two thirds of the time of asking all layers below 0.64, strays hardly more often from asking them about everything (29
# answers in 1,000, not 22), and is as good by macro-F1 and calibration (docs/models/accurate.md).
SURE = {"accurate": 0.66, "cascade": 0.62}
ENOUGH = {"accurate": 0.54, "cascade": 0.50}
NEVER = 1.01

# How much the fast scorer is heard beside all layers of the accurate one, for a hundredth of their time. On validation
# 0.35 is worth 2.7 points of macro-F1 in French and 2.1 in English; surprise differs by less than 0.003 from 0.3
# to 0.4.
HEARD = 0.35
# Two opinions that agree are worth more than one: their mean is raised to this power. On the validation texts asked to
# the end it is 0.02 nats less surprised; French calibration error falls from 0.054 to 0.048. 1.1 to 1.3 do the same.
AGREED = 1.2

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


class Second(Scorer, Protocol):
    """What is asked where the scorer of a language is in doubt."""

    def opinions(
        self, texts: Sequence[str], heard: Sequence[Probabilities], sure: float
    ) -> list[tuple[Probabilities, bool]]:
        """What is said of each masked text, `heard` being what the first scorer says of it; and whether it was said
        early, by part of the model, for having been at least so `sure`.
        """
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
        told = doubting(asked, lang, SURE[tier], ENOUGH[tier]) if tier in SURE else _fast(asked, lang)
        for i, tone in zip(rows, told, strict=True):
            found[i] = tone
    return found


@cache
def languages() -> frozenset[str]:
    """Languages that are scored: those that have a file in this folder named by their two letters."""
    return frozenset(name for _, name, _ in pkgutil.iter_modules(sentiment.__path__) if len(name) == 2)


def _fast(texts: list[str], lang: str) -> list[Tone]:
    return _by(cast(Scorer, importlib.import_module(f"pipeline.score.sentiment.{lang}")), texts)


def doubting(texts: list[str], lang: str, sure: float, enough: float = NEVER) -> list[Tone]:
    """The fast scorer's tones, and where it was less sure than `sure` (0 to 1) both scorers' together: by the first
    layers of the accurate one where these are at least as sure as `enough`, else by all of them.
    """
    found = _fast(texts, lang)
    model = accurate()
    doubtful = [i for i, tone in enumerate(found) if likeliest(tone) < sure and not says_nothing(texts[i])]
    if model is None or not doubtful:
        return found
    distinct = {texts[i]: found[i] for i in doubtful}
    heard = [tone.probabilities or NEUTRAL for tone in distinct.values()]
    told = zip(distinct.items(), model.opinions(list(distinct), heard, enough), strict=True)
    both = {text: _together(model, one, early, fast) for (text, fast), (one, early) in told}
    for i in doubtful:
        found[i] = both[texts[i]]
    return found


def likeliest(tone: Tone) -> float:
    """How likely its first choice is, 1/3 to 1; a tone that is not scored counts as neutral."""
    return max(tone.probabilities or NEUTRAL)


def _together(model: Second, said: Probabilities, early: bool, fast: Tone) -> Tone:
    """What both scorers say: the model's own mixture where it answered early, else the weighted geometric mean of
    both, which err on different texts, sharpened.
    """
    if early:
        return toned(said, f"{model.NAME}-early/{model.VERSION}&{fast.scorer}")
    pairs = zip(said, fast.probabilities or NEUTRAL, strict=True)
    a, b, c = ((one ** (1 - HEARD) * other**HEARD) ** AGREED for one, other in pairs)
    total = a + b + c or 1.0
    return toned((a / total, b / total, c / total), f"{model.NAME}/{model.VERSION}&{fast.scorer}")


def accurate() -> Second | None:
    """The accurate scorer, None where its model or what runs it is not installed."""
    try:
        module = importlib.import_module("pipeline.score.sentiment.accurate")
    except ModuleNotFoundError:
        return None
    return cast(Second, module) if module.available() else None


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
