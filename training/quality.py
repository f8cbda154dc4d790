"""The figures a classifier is judged by, in plain numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def macro_f1(guessed: Labels, labels: Labels) -> float:
    """Mean over the three classes of the F1 measure, in [0, 1]."""
    each = []
    for tone in range(3):
        right = int(((guessed == tone) & (labels == tone)).sum())
        each.append(2 * right / max(1, int((guessed == tone).sum() + (labels == tone).sum())))
    return float(np.mean(each))


def chances(scores: Scores, temperature: float = 1.0) -> Scores:
    """Softmax of `scores` (n, 3) divided by `temperature`."""
    wide = scores / temperature
    wide = np.exp(wide - wide.max(axis=1, keepdims=True))
    return np.asarray(wide / wide.sum(axis=1, keepdims=True), np.float32)


def surprise(scores: Scores, labels: Labels, temperature: float = 1.0) -> float:
    """Mean negative log-likelihood of the right labels, in nats."""
    right = chances(scores, temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-9)).mean())


def calibration_error(likely: Scores, labels: Labels, bins: int = 10) -> float:
    """Expected calibration error (Guo et al. 2017) of the most likely class over `bins` equal bins, in [0, 1]."""
    sure, right = likely.max(axis=1), likely.argmax(axis=1) == labels
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[places == at].mean() - right[places == at].mean()) * (places == at).sum() for at in set(places)]
    return float(sum(gaps) / len(labels))


def temperature(scores: Scores, labels: Labels) -> float:
    """The one divisor of `scores` that makes `labels` least surprising, found on a fine grid from 0.3 to 3."""
    grid = np.geomspace(0.3, 3.0, 200)
    return float(min(grid, key=lambda each: surprise(scores, labels, each)))
