"""Scores texts with a hashed linear model of three classes: the engine of the fast tier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.errors import SchemaError
from pipeline.score.sentiment import features

# How loud each group of features speaks before the regularised training: letters and words against pairs of words
# and cues of the whole text. Cross-validated on UMSAB French train.
WORDS, PAIRS, WHOLE = 2.0, 1.0, 0.3
CACHED_WORDS = 200_000  # rows of 3 floats kept between texts, then forgotten all at once

Probabilities = tuple[float, float, float]


class Model(NamedTuple):
    """Weights in one byte, their step by class, bias already divided by the calibration temperature."""

    weights: npt.NDArray[np.int8]
    step: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    rows: dict[str, tuple[float, float, float, int]]


@cache
def load(path: Path) -> Model:
    """Read `path` (.npz) after checking it against the SHA-256 in the .json beside it. SchemaError otherwise."""
    told = json.loads(path.with_suffix(".json").read_text("utf8"))
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != told["sha256"]:
        raise SchemaError(f"{path.name} is not the model that {path.stem}.json describes: install it again")
    if told["features"] != features.VERSION:
        raise SchemaError(f"{path.name} was trained for features {told['features']}, not {features.VERSION}")
    with np.load(path, allow_pickle=False) as arrays:
        return Model(arrays["weights"], arrays["step"], arrays["bias"], {})


def probabilities(found: Sequence[features.Features], path: Path) -> list[Probabilities]:
    """(negative, neutral, positive) of each text's features; each sums to 1."""
    model = load(path)
    logits = np.array([_logits(one, model) for one in found]).reshape(-1, 3)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    odds /= odds.sum(axis=1, keepdims=True)
    return [(float(a), float(b), float(c)) for a, b, c in odds]


def _logits(found: features.Features, model: Model) -> list[float]:
    words = [_row(word, model) for word in found.words]
    by_word = WORDS / max(sum(row[3] for row in words), 1) ** 0.5
    pairs = model.weights[found.pairs].sum(axis=0, dtype=np.int64) * (PAIRS / max(len(found.pairs), 1) ** 0.5)
    whole = model.weights[found.whole].sum(axis=0, dtype=np.int64) * WHOLE
    rest = ((pairs + whole) * model.step + model.bias).tolist()
    return [by_word * sum(row[k] for row in words) + rest[k] for k in range(3)]


def _row(word: str, model: Model) -> tuple[float, float, float, int]:
    """What one word adds to each class, and of how many cells: read once per word."""
    row = model.rows.get(word)
    if row is None:
        if len(model.rows) >= CACHED_WORDS:
            model.rows.clear()
        cells = features.word_cells(word)
        a, b, c = (model.weights[list(cells)].sum(axis=0, dtype=np.int64) * model.step).tolist()
        row = model.rows[word] = (a, b, c, len(cells))
    return row
