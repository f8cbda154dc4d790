"""Tails of the negative binomial: how rare a count is, exact to ten digits, the same on every machine and in any batch.

Only +, -, * and / run on arrays, and each element stops by itself: a night computed alone and one computed among
thousands give the same bits, which a build that must equal a full one needs.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Lentz's method stops when a step changes the fraction by less than this; the first term is never below _TINY.
_CLOSE, _TINY = 1e-13, 1e-300
# The fraction needs some square root of the larger argument: 20,000 steps reach counts of a hundred million.
_STEPS = 20_000
_NORMAL = NormalDist()


def at_least(count: Floats, mean: Floats, factor: Floats) -> Floats:
    """P(X >= count) for X negative binomial with this mean and variance mean * factor, factor above 1.

    P(X >= x) = I_q(x, r) with r = mean / (factor - 1) and q = (factor - 1) / factor (Abramowitz and Stegun 26.5.26).
    """
    found = np.ones(len(count))
    some = count > 0
    size = mean[some] / (factor[some] - 1)
    found[some] = _beta(count[some], size, (factor[some] - 1) / factor[some])
    return found


def at_most(count: Floats, mean: Floats, factor: Floats) -> Floats:
    """P(X <= count), as in at_least."""
    return _beta(mean / (factor - 1), count + 1, 1 / factor)


def fair(p: Floats, freedom: Floats) -> Floats:
    """The chance `p` when the spread it rests on was itself estimated, with so many degrees of freedom.

    The normal score of `p` is read as one of Student's t. Chances above 0.4 are left: nothing rests on them.
    """
    found = p.copy()
    small = (p > 0) & (p < 0.4)
    score = np.array([-_NORMAL.inv_cdf(x) for x in p[small].tolist()])
    found[small] = _student(score, freedom[small])
    return found


def strict(level: float, freedom: Floats) -> Floats:
    """The chance that `fair` turns into `level`."""
    low, high = np.zeros(len(freedom)), np.full(len(freedom), 37.0)
    for _ in range(60):
        middle = (low + high) / 2
        rarer = _student(np.maximum(middle, 1e-6), freedom) <= level
        low, high = np.where(rarer, low, middle), np.where(rarer, middle, high)
    return np.array([_NORMAL.cdf(-score) for score in high.tolist()])


def _student(score: Floats, freedom: Floats) -> Floats:
    """P(T >= score) for Student's t, score above 0 (Abramowitz and Stegun 26.7.1)."""
    half: Floats = _beta(freedom / 2, np.full(len(score), 0.5), freedom / (freedom + score * score)) / 2
    return half


def largest_usual(mean: Floats, factor: Floats, level: Floats) -> Floats:
    """The largest count x with P(X >= x) above `level`."""
    low, high = np.zeros(len(mean)), np.ceil(10 * mean * factor + 100)
    while ((high - low) > 1).any():
        middle = np.floor((low + high) / 2)
        usual = at_least(middle, mean, factor) > level
        low, high = np.where(usual, middle, low), np.where(usual, high, middle)
    return low


def smallest_usual(mean: Floats, factor: Floats, level: Floats) -> Floats:
    """The smallest count x with P(X <= x) above `level`."""
    low, high = np.full(len(mean), -1.0), np.ceil(mean)
    while ((high - low) > 1).any():
        middle = np.floor((low + high) / 2)
        # One that is found while others are not looks at -1 again: no count is below none.
        usual = (middle >= 0) & (at_most(np.maximum(middle, 0), mean, factor) > level)
        low, high = np.where(usual, low, middle), np.where(usual, middle, high)
    return high


def _beta(a: Floats, b: Floats, x: Floats) -> Floats:
    """The regularised incomplete beta function I_x(a, b), 0 < x < 1."""
    swapped = x > (a + 1) / (a + b + 2)  # the fraction converges fast on this side only
    first, second, at = np.where(swapped, b, a), np.where(swapped, a, b), np.where(swapped, 1 - x, x)
    found = _front(first, second, at) * _fraction(first, second, at)
    return np.clip(np.where(swapped, 1 - found, found), 0, 1)


def _front(a: Floats, b: Floats, x: Floats) -> Floats:
    log, gamma = math.log, math.lgamma
    rows = zip(a.tolist(), b.tolist(), x.tolist(), strict=True)
    return np.array(
        [math.exp(gamma(p + q) - gamma(p) - gamma(q) + p * log(z) + q * math.log1p(-z)) / p for p, q, z in rows]
    )


def _fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22)."""
    c = np.ones(len(a))
    d = 1 / _away(1 - (a + b) * x / (a + 1))
    found = d.copy()
    going = np.arange(len(a))
    for m in range(1, _STEPS):
        p, q, z = a[going], b[going], x[going]
        even = m * (q - m) * z / ((p + 2 * m - 1) * (p + 2 * m))
        odd = -(p + m) * (p + q + m) * z / ((p + 2 * m) * (p + 2 * m + 1))
        step = np.ones(len(going))
        for term in (even, odd):
            d[going] = 1 / _away(1 + term * d[going])
            c[going] = _away(1 + term / c[going])
            step = d[going] * c[going]
            found[going] *= step
        going = going[np.abs(step - 1) > _CLOSE]
        if not len(going):
            return found
    raise ArithmeticError(f"the incomplete beta function did not settle in {_STEPS} steps")


def _away(value: Floats) -> Floats:
    """`value`, kept away from zero."""
    return np.where(np.abs(value) < _TINY, _TINY, value)
