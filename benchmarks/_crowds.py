"""Made-up authors and what they say, the truth known: how many mentions each writes, and how alike these are by `rho`.

0 is as any two mentions, 1 all the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = dict[str, NDArray[np.generic]]


class Crowd(NamedTuple):
    """How authors write: what the page calls it, how many mentions each, and how alike an author's mentions are."""

    name: str
    kind: str
    rho: float


CROWDS = (
    Crowd("one mention each", "one", 0.0),
    Crowd("2.5 on average, as any two", "some", 0.0),
    Crowd("2.5 on average, half alike", "some", 0.5),
    Crowd("a few write most, as any two", "heavy", 0.0),
    Crowd("a few write most, a little alike", "heavy", 0.3),
    Crowd("a few write most, all the same", "heavy", 1.0),
    Crowd("one writes a quarter, a little alike", "quarter", 0.3),
    Crowd("one writes half, a little alike", "half", 0.3),
)


# Among authors of one mention each, how many times the others' number the first one writes.
_LOUD = {"one": 0.0, "quarter": 1 / 3, "half": 1.0}


def written(rng: np.random.Generator, kind: str, shape: tuple[int, ...]) -> Ints:
    """Mentions of each author: one, a geometric number of mean 2.5, or a Pareto one of tail 1.2 cut at 50.

    Or one each but for the first author, who writes a quarter or half of all.
    """
    if kind in _LOUD:
        n = np.ones(shape, np.int64)
        n[..., :1] = max(1, round(_LOUD[kind] * (shape[-1] - 1)))
        return n
    if kind == "some":
        return rng.geometric(0.4, shape)
    return np.clip(np.ceil(rng.pareto(1.2, shape)), 1, 50).astype(np.int64)


def opinions(rng: np.random.Generator, n: Ints, shares: Floats, rho: float) -> tuple[Ints, Ints]:
    """Each author's positive and negative mentions: multinomial with shares of the author's own (Dirichlet).

    `n` is simulations x authors, `shares` simulations x (positive, negative, neutral).
    """
    return told(rng, n, leanings(rng, n.shape, shares, rho))


def leanings(rng: np.random.Generator, shape: tuple[int, ...], shares: Floats, rho: float) -> Floats:
    """Each author's own shares: simulations x authors x (positive, negative, neutral)."""
    if rho == 0:
        return np.broadcast_to(shares[:, None, :], (*shape, 3))
    if rho == 1:
        return np.eye(3)[(rng.random(shape)[:, :, None] > np.cumsum(shares, axis=1)[:, None, :2]).sum(axis=2)]
    strength = (1 - rho) / rho
    own = rng.gamma(np.broadcast_to(shares[:, None, :] * strength, (*shape, 3))) + 1e-12
    return np.asarray(own / own.sum(axis=2, keepdims=True))


def told(rng: np.random.Generator, n: Ints, own: Floats) -> tuple[Ints, Ints]:
    """Positive and negative mentions of authors who write `n` each and lean as `own` says."""
    positive = rng.binomial(n, own[..., 0])
    left = np.clip(own[..., 1] / np.maximum(1 - own[..., 0], 1e-12), 0, 1)
    return positive, rng.binomial(n - positive, left)


def yes(rng: np.random.Generator, n: Ints, share: Floats, rho: float) -> Ints:
    """How many of each author's mentions are of one kind, whose share is given for each simulation."""
    return opinions(rng, n, np.stack([share, 1 - share, 0 * share], axis=1), rho)[0]


def tones(rng: np.random.Generator, size: int) -> Floats:
    """Shares of positive, negative and neutral mentions, drawn anew: 0.2 to 0.8 take sides, and up to 0.6 of these."""
    polar = rng.uniform(0.2, 0.8, size)
    net = rng.uniform(-0.6, 0.6, size) * polar
    return np.stack([(polar + net) / 2, (polar - net) / 2, 1 - polar], axis=1)


def sums(n: Ints, positive: Ints, negative: Ints) -> Columns:
    """The sums over authors from which agg_author.sql lets an interval be computed; a row per simulation."""
    sign, polar = positive - negative, positive + negative
    return {
        "scored_count": n.sum(axis=1),
        "scored_author_count": np.full(len(n), n.shape[1]),
        "positive_count": positive.sum(axis=1),
        "negative_count": negative.sum(axis=1),
        "count_square": (n * n).sum(axis=1),
        "sign_square": (sign * sign).sum(axis=1),
        "sign_count": (sign * n).sum(axis=1),
        "sign_within": np.rint(1e6 * (polar - sign * sign / n)).sum(axis=1),
        "negative_within": np.rint(1e6 * (negative - negative * negative / n)).sum(axis=1),
    }


def tagged(n: Ints, k: Ints) -> Columns:
    """The sums that agg_tag.sql makes of mentions looked at (`n` an author) of which `k` have a tag."""
    return {
        "looked_at": n.sum(axis=1),
        "mention_count": k.sum(axis=1),
        "author_count": (k > 0).sum(axis=1),
        "voice_count": np.full(len(n), n.shape[1]),
        "mention_square": (n * n).sum(axis=1),
        "tag_within": np.rint(1e6 * (k - k * k / n)).sum(axis=1),
    }
