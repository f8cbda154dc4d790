"""Weighs the cues of each mention into a tone toward the place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.model import Toward
from pipeline.score.masking import mask, says_nothing
from pipeline.score.sentiment import en, fr
from pipeline.score.sentiment.lexicon import french
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
    """Tone toward each place; `tones` are the probabilities of the whole text, None where it was not scored."""
    verdicts = [UNREAD] * len(places)
    for lang in {lang for lang, tone in zip(langs, tones, strict=True) if tone}:
        rows = [i for i, tone in enumerate(tones) if tone and langs[i] == lang]
        found = features([places[i] for i in rows], str(lang), [tones[i] or (0.0, 1.0, 0.0) for i in rows])
        for i, cue in zip(rows, found, strict=True):
            verdicts[i] = SILENT if says_nothing(mask(places[i].text, places[i].own_words)) else _verdict(cue)
    return verdicts


def features(places: Sequence[Place], lang: str, tones: Sequence[Tones]) -> list[dict[str, float]]:
    """Cues of mentions in one language, the tone of each place's clause read by the fast scorer."""
    views = [view(place) for place in places]
    scorer, lexicon = (en, en.lexicon()) if lang == "en" else (fr, french())
    clauses = scorer.tones([_clause(one) for one in views])
    return [cues.read(one, lexicon, whole, clause) for one, whole, clause in zip(views, tones, clauses, strict=True)]


def _clause(seen: View) -> str:
    return " ".join(token for token in seen.tokens[slice(*seen.clause)] if token != NAMED)


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Label -> cue -> weight."""
    told: dict[str, dict[str, float]] = json.loads(MODEL.read_text("utf8"))["weights"]
    return told


def probabilities(cue: Mapping[str, float]) -> dict[Toward, float]:
    """How likely each label is, by the cues of one mention."""
    table = _weights()
    sums = {label: sum(table[label].get(name, 0.0) * value for name, value in cue.items()) for label in LABELS}
    top = max(sums.values())
    odds = {label: math.exp(total - top) for label, total in sums.items()}
    whole = sum(odds.values())
    return {label: odd / whole for label, odd in odds.items()}


def _verdict(cue: Mapping[str, float]) -> Verdict:
    """The likeliest tone; "neutral" and "not_about" count as one against praise and blame, then apart."""
    likely = probabilities(cue)
    quiet = likely["neutral"] + likely["not_about"]
    signed = round(likely["positive"] - likely["negative"], 4)
    label: Toward = "positive" if signed > 0 else "negative"
    if quiet >= likely[label]:
        label = "neutral" if likely["neutral"] >= likely["not_about"] else "not_about"
    return Verdict(label, signed if label in {"positive", "negative"} else 0.0, f"{NAME}/{VERSION}")
