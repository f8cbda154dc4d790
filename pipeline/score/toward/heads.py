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
from pipeline.score.sentiment.encoder import WIDTH
from pipeline.score.toward.apart import part
from pipeline.score.toward.view import SPOKEN, Place, spoken

LABELS: tuple[Toward, ...] = ("negative", "neutral", "positive", "not_about")
FAST = Path(__file__).with_name("fast.json")
ACCURATE = Path(__file__).with_name("accurate.json")
Floats = npt.NDArray[np.float64]


class Head(NamedTuple):
    """Weights by cue, one for each of LABELS; `vectors` (1153, labels) for the encoder whose hash is `encoder`."""

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


def by_encoder(head: Head, module: ModuleType, places: Sequence[Place]) -> Floats:
    """Logits (mentions, labels) of what the encoder makes of the places."""
    return seen(module, places) @ head.vectors


def seen(module: ModuleType, places: Sequence[Place]) -> Floats:
    """What the encoder makes of each place, (mentions, 1153): of the whole text and of the place in it, 384 numbers
    each; then, where another place is named, of the place in its own clause, and 1. Zeros where none is.
    """
    found = np.zeros((len(places), 3 * WIDTH + 1))
    found[:, : 2 * WIDTH] = module.embed([spoken(one) for one in places], SPOKEN)
    parts = [part(one) for one in places]
    beside = [i for i, one in enumerate(parts) if one is not None]
    if beside:
        found[beside, 2 * WIDTH : -1] = module.embed([str(parts[i]) for i in beside], SPOKEN)[:, WIDTH:]
        found[beside, -1] = 1.0
    return found


def probabilities(logits: Floats) -> Floats:
    """Rows of probabilities from rows of logits."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
