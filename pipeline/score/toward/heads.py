"""The two weighings of a mention: by cues alone, and by cues beside what the accurate encoder makes of the text."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.model import Toward
from pipeline.score.sentiment import encoder, tiers
from pipeline.score.sentiment.encoder import WIDTH
from pipeline.score.toward import relation
from pipeline.score.toward.view import Place

LABELS: tuple[Toward, ...] = ("negative", "neutral", "positive", "not_about")
FAST = Path(__file__).with_name("fast.json")
ACCURATE = Path(__file__).with_name("accurate.json")
# By how much blame is likelier than the mean of both logits says: docs/models/toward.md.
BLAMED = 0.6
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


def module() -> ModuleType | None:
    """The accurate scorer's module, where it is installed and is the one that ACCURATE was fitted to."""
    if tiers.accurate() is None or not ACCURATE.is_file():
        return None
    found = importlib.import_module("pipeline.score.sentiment.accurate")
    return found if load(ACCURATE).encoder == found.SHA256 else None


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


def by_encoder(head: Head, module: ModuleType, places: Sequence[Place], by_cue: Floats) -> Floats:
    """Logits (mentions, labels): the mean of what cues and encoder say together and of what the relation says."""
    found, told = seen(module, places)
    return together(by_cue + found @ head.vectors, told)


def together(weighed: Floats, related: Floats) -> Floats:
    """Both logits' mean, which is as sure of itself as it is right, and BLAMED for the first label: on real posts that
    neither learnt from, the mean alone tells less blame than there is.
    """
    return (weighed + related) / 2 + np.where(np.arange(len(LABELS)) == 0, BLAMED, 0.0)


def seen(module: ModuleType, places: Sequence[Place], layers: Any = None) -> tuple[Floats, Floats]:  # noqa: ANN401
    """What the encoder makes of each place: of the whole text and of the place in it, (mentions, 768), and what the
    layers that were taught the relation answer, (mentions, labels). Copies of one text are read once.

    `layers` are by default the ones shipped.
    """
    engine = module.engine()
    each = [relation.question(engine.tokenizer, one) for one in places]
    asked = list(dict.fromkeys(each))
    found, told = np.zeros((len(asked), 2 * WIDTH)), np.zeros((len(asked), len(LABELS)))
    for rows, ids, mask in encoder.batches([one.pieces for one in asked]):
        inner = encoder.inner(engine, ids, mask)
        mean, hidden = encoder.upper(engine, inner, mask, ["mean", "hidden"])
        marked = relation.marks([asked[row] for row in rows], ids.shape[1])
        shares = marked[0] / marked[0].sum(axis=1, keepdims=True)
        found[rows] = np.hstack([mean, np.einsum("blw,bl->bw", hidden, shares)])
        told[rows] = relation.answers(layers or relation.layers(), inner, mask, marked)
    row = {one: i for i, one in enumerate(asked)}
    back = [row[one] for one in each]
    return found[back], told[back]


def probabilities(logits: Floats) -> Floats:
    """Rows of probabilities from rows of logits."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
