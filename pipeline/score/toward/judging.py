"""Weighs the cues of each mention into a tone toward the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.model import Toward
from pipeline.score.sentiment import en, features, fr, linear
from pipeline.score.sentiment.tiers import NEUTRAL
from pipeline.score.sentiment.tokens import Text
from pipeline.score.toward import cues, heads
from pipeline.score.toward.view import NAME as NAMED
from pipeline.score.toward.view import Place, View, view

NAME = "toward"
VERSION = "7"
Tones = tuple[float, float, float]

# In the cascade a mention goes to the encoder when no answer by cues is likelier than this: about half of them.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Verdict:
    """Tone toward a place, signed score in [-1, 1], and who said it; None is not scored."""

    label: Toward | None
    score: float | None
    scorer: str | None


UNREAD = Verdict(None, None, None)


def judge(
    places: Sequence[Place], langs: Sequence[str | None], tones: Sequence[Tones | None], tier: str = "fast"
) -> list[Verdict]:
    """Tone toward each place; `tones` are the probabilities of the whole text, None where it was not scored.

    NEUTRAL exactly is what `tiers` says of a text with nothing but own words: nothing is said of the place either.
    """
    verdicts = [UNREAD] * len(places)
    for lang in sorted({str(lang) for lang, tone in zip(langs, tones, strict=True) if tone}):
        rows = [i for i, tone in enumerate(tones) if tone and langs[i] == lang]
        told = _told([places[i] for i in rows], lang, [tones[i] or NEUTRAL for i in rows], tier)
        for i, verdict in zip(rows, told, strict=True):
            verdicts[i] = verdict
    return verdicts


def cues_of(places: Sequence[Place], lang: str, tones: Sequence[Tones]) -> list[dict[str, float]]:
    """Cues of mentions in one language, the tone of each place's clause read by the fast scorer."""
    scorer = en if lang == "en" else fr
    views = [view(place) for place in places]
    clauses = linear.probabilities([features.read(_clause(one), scorer.lexicon()) for one in views], scorer.MODEL)
    return [
        cues.read(one, scorer.lexicon(), whole, clause)
        for one, whole, clause in zip(views, tones, clauses, strict=True)
    ]


def _clause(seen: View) -> Text:
    return Text([token for token in seen.tokens[slice(*seen.clause)] if token != NAMED], 0.0)


def _told(places: Sequence[Place], lang: str, tones: Sequence[Tones], tier: str) -> list[Verdict]:
    """Verdicts in one language: by cues, and by the encoder where the tier asks for it."""
    found = cues_of(places, lang, tones)
    likely = heads.probabilities(heads.by_cues(heads.load(heads.FAST), found))
    scorers = [f"{NAME}-fast/{VERSION}"] * len(places)
    module = None if tier == "fast" else heads.module()
    if module is not None:
        likeliest = _three(likely).max(axis=1)
        asked = [i for i, tone in enumerate(tones) if tone != NEUTRAL and (tier == "accurate" or likeliest[i] < SURE)]
        head = heads.load(heads.ACCURATE)
        by_cue = heads.by_cues(head, [found[i] for i in asked])
        likely[asked] = heads.probabilities(heads.by_encoder(head, module, [places[i] for i in asked], by_cue))
        for i in asked:
            scorers[i] = f"{NAME}-accurate/{VERSION}"
    return [
        Verdict("neutral", 0.0, scorer) if tone == NEUTRAL else _verdict(row, scorer)
        for row, tone, scorer in zip(likely, tones, scorers, strict=True)
    ]


def _three(likely: heads.Floats) -> heads.Floats:
    """Negative, neither, positive: "neutral" and "not_about" count as one against praise and blame."""
    return np.stack([likely[:, 0], likely[:, 1] + likely[:, 3], likely[:, 2]], axis=1)


def _verdict(likely: heads.Floats, scorer: str) -> Verdict:
    """The likeliest of three tones; what is neither praise nor blame is then told apart."""
    negative, quiet, positive = _three(likely[None])[0]
    if quiet >= max(negative, positive):
        return Verdict("neutral" if likely[1] >= likely[3] else "not_about", 0.0, scorer)
    return Verdict("positive" if positive > negative else "negative", round(float(positive - negative), 4), scorer)
