"""The two weighings of a mention: by cues alone, and by cues beside what the accurate encoder makes of the text."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.model import Toward
from pipeline.score.sentiment import tiers
from pipeline.score.toward.view import SPOKEN

LABELS: tuple[Toward, ...] = ("negative", "neutral", "positive", "not_about")
FAST = Path(__file__).with_name("fast.json")
ACCURATE = Path(__file__).with_name("accurate.json")
Floats = npt.NDArray[np.float64]


class Head(NamedTuple):
    """Weights by cue, one for each of LABELS; `vectors` (768, labels) fitted to the encoder with the hash `encoder`."""

    cues: dict[str, tuple[float, ...]]
    vectors: Floats
    encoder: str


@cache
def load(path: Path) -> Head:
    """Read a head's JSON; one without vectors reads cues alone."""
    told = json.loads(path.read_text("utf8"))
    cues = {cue: tuple(weights) for cue, weights in told["weights"].items()}
    vectors = np.array(told.get("vectors", [])).reshape(-1, len(LABELS))
    return Head(cues, vectors, told.get("encoder", ""))


def encoder() -> ModuleType | None:
    """The accurate scorer's module, where it is installed and is the one that ACCURATE was fitted to."""
    if tiers.accurate() is None or not ACCURATE.is_file():
        return None
    module = importlib.import_module("pipeline.score.sentiment.accurate")
    return module if load(ACCURATE).encoder == module.SHA256 else None


def by_cues(head: Head, found: Sequence[Mapping[str, float]]) -> Floats:
    """Logits (mentions, labels) of what the cues say."""
    logits = np.zeros((len(found), len(LABELS)))
    for row, cues in enumerate(found):
        sums = [0.0] * len(LABELS)
        for cue, value in cues.items():
            for k, weight in enumerate(head.cues.get(cue, ())):
                sums[k] += weight * value
        logits[row] = sums
    return logits


def by_encoder(head: Head, module: ModuleType, texts: Sequence[str]) -> Floats:
    """Logits (mentions, labels) of what the encoder makes of texts in which the place is named by HERE's words."""
    return np.asarray(module.embed(texts, SPOKEN), dtype=np.float64) @ head.vectors


def probabilities(logits: Floats) -> Floats:
    """Rows of probabilities from rows of logits."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
