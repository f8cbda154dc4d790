"""English, fast tier: vaderSentiment's reading, weighed by a linear model with words, letters and surface cues.

Only for texts that we identified as English ourselves: VADER reads "dire" and "grave" in French as English words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.score.sentiment import features, linear, tokens, vader
from pipeline.score.sentiment.lexicon import SIGNS

NAME = "en-vader"
VERSION = "2"
MODEL = Path(__file__).with_name("en_fast.npz")


@cache
def lexicon() -> dict[str, float]:
    """VADER's weights, and our signs where it has none."""
    return SIGNS | vader.analyzer().lexicon


def seen(text: str) -> features.Features:
    """What the model reads of a text: VADER's scores as steps, beside the features that all fast models share."""
    read = vader.polarity(text)
    steps = (
        f"vader{round(read.compound * 5)}",
        f"vader+{round(read.positive * 8)}",
        f"vader-{round(read.negative * 8)}",
        f"vader0{read.compound == 0}",
    )
    return features.read(tokens.cut(text), lexicon(), steps)


def tones(texts: Sequence[str]) -> list[linear.Probabilities]:
    """Calibrated (negative, neutral, positive) of each masked English text."""
    return linear.probabilities([seen(text) for text in texts], MODEL)
