"""Weighs the cues of each mention into a tone toward the place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.model import Toward
from pipeline.score.sentiment import en, features, fr, linear
from pipeline.score.sentiment.tiers import NEUTRAL
from pipeline.score.sentiment.tokens import Text
from pipeline.score.toward import cues
from pipeline.score.toward.view import NAME as NAMED
from pipeline.score.toward.view import Place, View, view

NAME = "toward"
VERSION = "1"
MODEL = Path(__file__).with_name("weights.json")
LABELS: tuple[Toward, ...] = ("negative", "neutral", "positive", "not_about")
Tones = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Tone toward a place, signed score in [-1, 1], and who said it; None is not scored."""

    label: Toward | None
    score: float | None
    scorer: str | None


UNREAD = Verdict(None, None, None)
SILENT = Verdict("neutral", 0.0, f"{NAME}/{VERSION}")


def judge(places: Sequence[Place], langs: Sequence[str | None], tones: Sequence[Tones | None]) -> list[Verdict]:
    """Tone toward each place; `tones` are the probabilities of the whole text, None where it was not scored.

    NEUTRAL exactly is what `tiers` says of a text with nothing but own words: nothing is said of the place either.
    """
    verdicts = [UNREAD] * len(places)
    for lang in {lang for lang, tone in zip(langs, tones, strict=True) if tone}:
        rows = [i for i, tone in enumerate(tones) if tone and langs[i] == lang]
        found = cues_of([places[i] for i in rows], str(lang), [tones[i] or (0.0, 1.0, 0.0) for i in rows])
        for i, cue in zip(rows, found, strict=True):
            verdicts[i] = SILENT if tones[i] == NEUTRAL else _verdict(cue)
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


@cache
def _weights() -> dict[str, tuple[float, ...]]:
    """Cue -> weight for each of LABELS."""
    told: dict[str, list[float]] = json.loads(MODEL.read_text("utf8"))["weights"]
    return {cue: tuple(weights) for cue, weights in told.items()}


def probabilities(found: Mapping[str, float]) -> dict[Toward, float]:
    """How likely each label is, by the cues of one mention."""
    table = _weights()
    sums = [0.0] * len(LABELS)
    for cue, value in found.items():
        for k, weight in enumerate(table.get(cue, ())):
            sums[k] += weight * value
    odds = [math.exp(total - max(sums)) for total in sums]
    return {label: odd / sum(odds) for label, odd in zip(LABELS, odds, strict=True)}


def _verdict(cue: Mapping[str, float]) -> Verdict:
    """The likeliest tone; "neutral" and "not_about" count as one against praise and blame, then apart."""
    likely = probabilities(cue)
    quiet = likely["neutral"] + likely["not_about"]
    signed = round(likely["positive"] - likely["negative"], 4)
    label: Toward = "positive" if signed > 0 else "negative"
    if quiet >= likely[label]:
        label = "neutral" if likely["neutral"] >= likely["not_about"] else "not_about"
    return Verdict(label, signed if label in {"positive", "negative"} else 0.0, f"{NAME}/{VERSION}")
