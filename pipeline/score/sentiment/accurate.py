"""Reads the tone of French and English posts with a small encoder of our own, in 8 bits, on the processor, offline.

How it was made, what it scores and whose work it stands on: docs/models/accurate.md. Nothing is loaded before the
first question; the model is then one immutable thing that threads may share.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.errors import ConfigError, SchemaError
from pipeline.score.sentiment import encoder
from pipeline.score.sentiment.encoder import Engine, Vectors
from pipeline.score.sentiment.plain import plain

log = logging.getLogger(__name__)

NAME = "accurate"
VERSION = "3"
LOWER = Path(__file__).with_name("accurate_lower.onnx")
UPPER = Path(__file__).with_name("accurate_upper.onnx")
SHA256 = "0e7919ffc03d50f3a3c009d2fd13fb23a69ffeda7fb3ecb17494cd6ad4a82e3c"  # of both files, one after the other

# Posts sorted by length together: the more, the less padding; 4,096 of them hold 1.2 MB of piece numbers.
WINDOW = 4096
# A chance is heard as its logarithm, and none as less than this.
LEAST = 1e-4
# A question whose answer the file holds: a processor that overflows in 8 bits gives another.
PROBE = "Quelle belle surprise, un accueil chaleureux malgré la pluie et deux heures de retard !"
ASTRAY = 0.1  # roundings differ by 0.01 between processors

Probabilities = tuple[float, float, float]
# A text without a single word or sign says nothing, and nothing is what "neutral" was learnt from.
BLANK: Probabilities = (0.0, 1.0, 0.0)


class Opinion(NamedTuple):
    """What is said of one text, and whether by the lower layers alone, which have then heard the fast scorer."""

    probabilities: Probabilities
    early: bool


def available() -> bool:
    """Whether the model lies beside this file; its content is checked when it is loaded."""
    return LOWER.is_file() and UPPER.is_file()


def tones(texts: Sequence[str]) -> list[Probabilities]:
    """Calibrated (negative, neutral, positive), summing to 1, of each masked text, in order, by all layers.

    A text's answer does not depend on the texts beside it. Raises ConfigError when the model is absent, SchemaError
    when it is not the one that this version was made with.
    """
    return list(stream(texts))


def stream(texts: Iterable[str]) -> Iterator[Probabilities]:
    """The same, for any number of texts in the memory of one window."""
    waiting = iter(texts)
    while window := [plain(text) for text in islice(waiting, WINDOW)]:
        # Posts are copied word for word more often than not: each distinct text is read once.
        distinct = [text for text in dict.fromkeys(window) if text]
        likely = encoder.softmax(outputs(engine(), distinct, "scores"))
        known = {text: (float(a), float(b), float(c)) for text, (a, b, c) in zip(distinct, likely, strict=True)}
        yield from (known.get(text, BLANK) for text in window)


def opinions(texts: Sequence[str], heard: Sequence[Probabilities], sure: float) -> list[Opinion]:
    """What is said of each masked text after `heard`, the fast scorer's chances of it: by the lower layers and the
    fast scorer together where their first choice is at least `sure`, else by all layers alone. Raises like `tones`.
    """
    found = [Opinion(BLANK, False)] * len(texts)
    for start in range(0, len(texts), WINDOW):
        prepared = [plain(text) for text in texts[start : start + WINDOW]]
        places = [start + at for at, text in enumerate(prepared) if text]
        told = np.log(np.maximum(np.array([heard[at] for at in places], np.float32), LEAST)).reshape(-1, 3)
        likely, early = _read(engine(), [text for text in prepared if text], told, sure)
        for at, (a, b, c), soon in zip(places, likely, early, strict=True):
            found[at] = Opinion((float(a), float(b), float(c)), bool(soon))
    return found


def _read(engine: Engine, texts: Sequence[str], heard: Vectors, sure: float) -> tuple[Vectors, np.ndarray]:
    """Chances (n, 3) of texts already plain and not empty, and which of them the lower layers gave."""
    likely, early = np.zeros((len(texts), 3), np.float32), np.zeros(len(texts), bool)
    for at, ids, mask in encoder.batches(encoder.pieces(engine, texts)):
        given = {"ids": ids, "mask": mask, "heard": heard[at]}
        inner, scores = engine.lower.run(["inner", "early"], given)
        first = encoder.softmax(scores)
        doubtful = first.max(axis=1) < sure
        if doubtful.any():
            whole = encoder.upper(engine, inner[doubtful], mask[doubtful], ["scores"])[0]
            first[doubtful] = encoder.softmax(whole)
        likely[at], early[at] = first, ~doubtful
    return likely, early


def outputs(engine: Engine, texts: Sequence[str], name: str) -> Vectors:
    """The `scores` (n, 3) or the `mean` (n, 384) of texts already plain and not empty, by all layers."""
    found = np.zeros((len(texts), 3 if name == "scores" else encoder.WIDTH), np.float32)
    for places, ids, mask in encoder.batches(encoder.pieces(engine, texts)):
        found[places] = encoder.whole(engine, ids, mask, [name])[0]
    return found


@cache
def engine() -> Engine:
    """The model beside this file, checked and loaded once a process: what is checked is what is loaded."""
    try:
        halves = LOWER.read_bytes(), UPPER.read_bytes()
    except OSError as problem:
        absent = f"{LOWER} and {UPPER.name} cannot be read"
        raise ConfigError(f"{absent}: install the whole project, or set RAYONNER_TIER=fast") from problem
    if hashlib.sha256(b"".join(halves)).hexdigest() != SHA256:
        raise SchemaError(f"{LOWER} and {UPPER.name} are not {NAME}/{VERSION}: fetch them again from the project")
    made = encoder.engine(*halves)
    expected = [float(chance) for chance in made.facts["probe"].split()]
    if np.abs(encoder.softmax(outputs(made, [PROBE], "scores"))[0] - expected).max() > ASTRAY:
        log.warning(
            "this processor computes %s/%s otherwise than where it was made: its tones are less exact", NAME, VERSION
        )
    return made
