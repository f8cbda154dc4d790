"""French, fast tier: a linear model on words, letters, our polarity lexicon and surface cues."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.score.sentiment import features, linear, tokens
from pipeline.score.sentiment.lexicon import french as lexicon

NAME = "fr-fast"
VERSION = "2"
MODEL = Path(__file__).with_name("fr_fast.npz")


__all__ = ["MODEL", "NAME", "VERSION", "lexicon", "seen", "tones"]


def seen(text: str) -> features.Features:
    """What the model reads of a text."""
    return features.read(tokens.cut(text), lexicon())


def tones(texts: Sequence[str]) -> list[linear.Probabilities]:
    """Calibrated (negative, neutral, positive) of each masked French text."""
    return linear.probabilities([seen(text) for text in texts], MODEL)
