"""Walks many texts at once through py3langid's byte n-gram automaton: its scores, at numpy's speed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from py3langid.langid import LanguageIdentifier

# Texts walked side by side: enough to hide numpy's cost per step, small enough for the processor's cache.
ROWS = 2048


class Tables(NamedTuple):
    """The automaton and its log-probabilities, restricted to the languages in `languages`."""

    languages: tuple[str, ...]
    moves: npt.NDArray[np.uint32]
    row_of: npt.NDArray[np.int64]
    feature_of: npt.NDArray[np.int32]
    log_odds: npt.NDArray[np.float32]
    prior: npt.NDArray[np.float32]


@cache
def tables(languages: tuple[str, ...]) -> Tables:
    """Load py3langid's model once per process (about half a second, 60 MB)."""
    model = LanguageIdentifier.from_model_file("data/model.npz.xz")
    model.set_languages(languages)
    return Tables(
        tuple(model.nb_classes),
        np.frombuffer(model.tk_nextmove, dtype=np.dtype(f"u{model.tk_nextmove.itemsize}")),
        np.asarray(model.tk_row, dtype=np.int64) << 8,
        np.asarray(model.tk_output, dtype=np.int32),
        np.asarray(model.nb_ptc, dtype=np.float32),
        np.asarray(model.nb_pc, dtype=np.float32),
    )


def scores(texts: Sequence[bytes], languages: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Naive Bayes log-scores, shape (texts, len(tables(languages).languages)); equal to py3langid's own."""
    table = tables(languages)
    found = np.tile(table.prior, (len(texts), 1))
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    for start in range(0, len(order), ROWS):
        rows = order[start : start + ROWS]
        found[rows] += _evidence([texts[i] for i in rows], table)
    return found


def _evidence(texts: Sequence[bytes], table: Tables) -> npt.NDArray[np.float32]:
    """Sum over features of log(1 + count) x log-odds, for texts given longest first."""
    features = _walk(texts, table)
    width = len(table.log_odds)
    keys, counts = np.unique(features, return_counts=True)
    weighed = table.log_odds[keys % width] * np.log1p(counts, dtype=np.float32)[:, None]
    sums = np.zeros((len(texts), weighed.shape[1]), dtype=np.float32)
    rows, first = np.unique(keys // width, return_index=True)
    if len(rows):
        sums[rows] = np.add.reduceat(weighed, first, axis=0)
    return sums


def _walk(texts: Sequence[bytes], table: Tables) -> npt.NDArray[np.int64]:
    """The features met, each as text x number of features + feature."""
    lengths = np.array([len(text) for text in texts])
    longest = int(lengths.max(initial=0))
    letters = np.zeros((longest, len(texts)), dtype=np.int64)
    for column, text in enumerate(texts):
        letters[: len(text), column] = np.frombuffer(text, dtype=np.uint8)
    # Longest first, so the texts still going at step j are the first `going[j]` columns.
    going = np.searchsorted(-lengths, -np.arange(longest), side="left")
    states = np.zeros(len(texts), dtype=np.int64)
    columns = np.arange(len(texts), dtype=np.int64) * len(table.log_odds)
    met = []
    for step in range(longest):
        n = int(going[step])
        states = table.moves[table.row_of[states[:n]] + letters[step, :n]]
        feature = table.feature_of[states]
        hit = feature >= 0
        met.append(columns[:n][hit] + feature[hit])
    return np.concatenate(met) if met else np.zeros(0, dtype=np.int64)
