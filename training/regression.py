"""Softmax regression on soft targets, and how well its answers are calibrated and right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

Floats = npt.NDArray[np.float64]


def fit(rows: sparse.csr_matrix, targets: Floats, weights: Floats, strength: float) -> tuple[Floats, Floats]:
    """Softmax regression on soft targets (rows, classes); returns weights (cells, classes) and bias (classes)."""
    classes = targets.shape[1]
    used = np.flatnonzero(rows.getnnz(axis=0))
    narrow = rows[:, used].tocsr()
    # An encoder's numbers are never zero: as a plain table they take a tenth of the time.
    narrow = narrow.toarray() if narrow.nnz > narrow.shape[0] * narrow.shape[1] / 5 else narrow
    turned = narrow.T

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(-1, classes)
        logits = narrow @ table[:-1] + table[-1]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        total = odds.sum(axis=1, keepdims=True)
        miss = (odds / total - targets) * weights[:, None]
        value = -(weights[:, None] * targets * (logits - np.log(total))).sum()
        gradient = np.vstack([turned @ miss + table[:-1] / strength, miss.sum(axis=0)])
        return value + (table[:-1] ** 2).sum() / (2 * strength), gradient.ravel()

    start = np.zeros((len(used) + 1) * classes)
    best = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x.reshape(-1, classes)
    table = np.zeros((rows.shape[1], classes))
    table[used] = best[:-1]
    return table, best[-1]


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities from rows of logits."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def temperature(logits: Floats, labels: npt.NDArray[np.int64]) -> float:
    """What to divide logits by so that they say how often they are right, on logits of held-out folds."""

    def surprise(heat: float) -> float:
        return float(-np.log(softmax(logits / heat)[np.arange(len(labels)), labels]).mean())

    return float(optimize.minimize_scalar(surprise, bounds=(0.3, 5), method="bounded").x)


def macro_f1(told: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> float:
    """Mean of the three classes' F1, 0 to 1."""
    both = [((told == k) & (labels == k)).sum() for k in range(3)]
    return float(np.mean([2 * b / max((told == k).sum() + (labels == k).sum(), 1) for k, b in enumerate(both)]))
