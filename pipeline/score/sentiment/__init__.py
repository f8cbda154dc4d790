"""Tone of a text: one file per language or tier, each a scorer with NAME, VERSION and `tones(texts)`."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Label
from pipeline.score.sentiment.tiers import TIERS, Probabilities, Tone, read, toned

__all__ = ["TIERS", "Probabilities", "Tone", "read", "tone", "toned"]


def tone(
    texts: Sequence[str], langs: Sequence[str | None], tier: str
) -> list[tuple[Label | None, float | None, Probabilities | None]]:
    """(label, signed score in [-1, 1], probabilities) of each masked text; all None in a language not scored.

    Probabilities are (negative, neutral, positive). ValueError for a tier that is not in TIERS.
    """
    return [(one.label, one.score, one.probabilities) for one in read(texts, langs, tier)]
