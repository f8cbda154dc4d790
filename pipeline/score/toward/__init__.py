"""Tone toward the place named, which is seldom the tone of the post: in most posts a place is where things happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Toward
from pipeline.score.masking import mask, says_nothing
from pipeline.score.sentiment import features, tokens
from pipeline.score.sentiment.lexicon import french

NAME = "toward"
VERSION = "0"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: its offsets, the brand's own words, offsets of the other places named."""

    text: str
    start: int
    end: int
    own_words: tuple[str, ...] = ()
    others: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Tone toward a place and who said it; None is not scored."""

    label: Toward | None
    score: float | None
    scorer: str | None


def judge(
    places: Sequence[Place], langs: Sequence[str | None], tones: Sequence[tuple[float, float, float] | None]
) -> list[Verdict]:
    """Tone toward each place; `tones` are the probabilities of the whole text, None where it was not scored."""
    return [
        Verdict(None, None, None) if tone is None else _verdict(place)
        for place, tone in zip(places, tones, strict=True)
    ]


def _verdict(place: Place) -> Verdict:
    if says_nothing(mask(place.text, place.own_words)):
        return Verdict("neutral", 0.0, f"{NAME}/{VERSION}")
    before, after = place.text[: place.start], place.text[place.end :]
    near = mask(before[-80:] + " Lieu " + after[:80], place.own_words)
    cut = tokens.cut(near).tokens
    weights = features.polarities(cut, features.negated(cut), french())
    total = sum(weights)
    if abs(total) < 2:
        return Verdict("not_about", 0.0, f"{NAME}/{VERSION}")
    return Verdict("positive" if total > 0 else "negative", max(-1.0, min(1.0, total / 6)), f"{NAME}/{VERSION}")
