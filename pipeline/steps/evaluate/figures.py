"""What a figure of quality is: a value with its 95 % interval, its number of cases and the floor it must keep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# 95 % of a normal law, both sides.
Z = 1.959964
# Resamples of a bootstrap: 25 lie outside each end of a 95 % interval, enough for two decimals.
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """One case of a gold set: what was wanted, what was told, and why; `about` is the place, tag or kind it is on."""

    text: str
    wanted: str
    told: str
    why: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share in [0, 1] over `n` cases with its 95 % interval; None where nothing could be divided."""

    trial: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    floor: float | None = None
    ceiling: float | None = None

    @property
    def sinks(self) -> bool:
        """Whether the figure is under its floor or, where less is better, over its ceiling; an unknown one is both."""
        if self.floor is None and self.ceiling is None:
            return False
        at_least = 0.0 if self.floor is None else self.floor
        at_most = 1.0 if self.ceiling is None else self.ceiling
        return self.value is None or not at_least <= self.value <= at_most


@dataclass(frozen=True, slots=True)
class Trial:
    """A gold set put through the program: its figures and every answer, right or wrong."""

    name: str
    figures: tuple[Figure, ...]
    answers: tuple[Answer, ...]


def share(trial: str, name: str, right: int, n: int) -> Figure:
    """`right` out of `n` with its Wilson interval (Wilson 1927)."""
    if n == 0:
        return Figure(trial, name, None, None, None, 0)
    p, spread = right / n, Z * Z / n
    middle = (p + spread / 2) / (1 + spread)
    half = Z * math.sqrt(p * (1 - p) / n + spread / (4 * n)) / (1 + spread)
    return Figure(trial, name, p, max(middle - half, 0.0), min(middle + half, 1.0), n)


def precision_and_recall(trial: str, right: int, told: int, wanted: int) -> tuple[Figure, Figure]:
    """Of what was told, how much is right; of what was wanted, how much was told."""
    return share(trial, "precision", right, told), share(trial, "recall", right, wanted)


def macro_f1(trial: str, answers: Sequence[Answer], labels: Sequence[str]) -> Figure:
    """Mean F1 of `labels`, with the percentile bootstrap over cases (Efron 1979), drawn with a fixed seed."""
    if not answers:
        return Figure(trial, "macro-F1", None, None, None, 0)
    at = {label: k for k, label in enumerate(labels)}
    pairs = np.array([len(labels) * at[one.wanted] + at[one.told] for one in answers])
    draws = np.random.default_rng(0).integers(0, len(pairs), (DRAWS, len(pairs)))
    drawn = [_macro(pairs[draw], len(labels)) for draw in draws]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(trial, "macro-F1", _macro(pairs, len(labels)), float(low), float(high), len(pairs))


def calibration(trial: str, likely: Sequence[tuple[float, ...]], right: Sequence[bool]) -> Figure:
    """Expected calibration error (Guo et al. 2017) of the likeliest class over ten bins, with its bootstrap interval.

    Its expectation for a perfect scorer is not 0: about 0.04 over 324 cases, 0.025 over 870.
    """
    name = "calibration error"
    if not likely:
        return Figure(trial, name, None, None, None, 0)
    sure, told = np.max(likely, axis=1), np.array(right, dtype=float)
    draws = np.random.default_rng(0).integers(0, len(told), (DRAWS, len(told)))
    low, high = np.quantile([_gap(sure[draw], told[draw]) for draw in draws], [0.025, 0.975])
    return Figure(trial, name, _gap(sure, told), float(low), float(high), len(told))


def _gap(sure: np.typing.NDArray[np.float64], right: np.typing.NDArray[np.float64]) -> float:
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(np.abs(np.bincount(bins, right - sure, 10)).sum() / len(sure))


def _macro(pairs: np.typing.NDArray[np.int64], size: int) -> float:
    table = np.bincount(pairs, minlength=size * size).reshape(size, size)
    sums = table.sum(axis=0) + table.sum(axis=1)
    return float((2 * np.diag(table) / np.maximum(sums, 1)).mean())
