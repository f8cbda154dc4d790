"""Asks layers that were taught one thing: how a text speaks of the place marked in it, whatever it says of others.

It stands on the lower layers of the accurate tone scorer and has eight upper ones of its own: docs/models/toward.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline import gazetteer
from pipeline.errors import ConfigError, SchemaError
from pipeline.score.sentiment import encoder
from pipeline.score.sentiment.encoder import Counts, Vectors
from pipeline.score.sentiment.plain import plain
from pipeline.score.toward import beside
from pipeline.score.toward.view import SPOKEN, Place, spoken

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FILE = Path(__file__).with_name("relation.onnx")
SHA256 = "eab318adf1f2a446aa6432d2bbd884e5412019e2736ecff40170db9199b76016"


class Question(NamedTuple):
    """A mention as pieces of its text: their numbers, which name the place, and which name another."""

    pieces: tuple[int, ...]
    here: tuple[int, ...]
    elsewhere: tuple[int, ...]


def question(tokenizer: Any, place: Place) -> Question:  # noqa: ANN401  (tokenizers has no types)
    """What is asked of a place; all pieces stand for it where its name is not among the first of a text."""
    text = plain(spoken(place))
    read = tokenizer.encode(text)
    at = text.find(SPOKEN)
    here = _over(read.offsets, at, at + len(SPOKEN)) if at >= 0 else []
    own = gazetteer.fold(place.text[place.start : place.end])
    others = {piece for first, last in beside.spans(text, own) for piece in _over(read.offsets, first, last)}
    return Question(tuple(read.ids), tuple(here or range(len(read.ids))), tuple(sorted(others)))


def _over(offsets: Sequence[tuple[int, int]], start: int, end: int) -> list[int]:
    """Pieces that hold characters of start..end."""
    return [at for at, (first, last) in enumerate(offsets) if start < last and first < end]


def marks(asked: Sequence[Question], length: int) -> tuple[Vectors, Vectors]:
    """1 at the pieces of the place, and at those of other places; (batch, length) each."""
    here, elsewhere = (np.zeros((len(asked), length), np.float32) for _ in "ab")
    for row, one in enumerate(asked):
        here[row, list(one.here)] = 1
        elsewhere[row, list(one.elsewhere)] = 1
    return here, elsewhere


def answers(layers: Any, inner: Vectors, mask: Counts, marked: tuple[Vectors, Vectors]) -> Vectors:  # noqa: ANN401
    """Logits (batch, labels) of what the lower half made of texts, given what `marks` says of their pieces."""
    here, elsewhere = marked
    given = {"inner": inner, "mask": mask, "here": here, "elsewhere": elsewhere}
    found: Vectors = layers.run(["toward"], given)[0]
    return found


@cache
def layers() -> InferenceSession:
    """The file beside this one, checked and loaded once a process.

    Raises ConfigError where it is absent, SchemaError where it is another than SHA256 says.
    """
    try:
        content = FILE.read_bytes()
    except OSError as problem:
        cure = "install the whole project, or set RAYONNER_TIER=fast"
        raise ConfigError(f"{FILE} cannot be read: {cure}") from problem
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SchemaError(f"{FILE} is not the one this version was made with: fetch it again from the project")
    return encoder.session(content)
