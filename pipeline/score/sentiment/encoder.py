"""Runs the two halves of the small encoder on pieces of text: loading, batches of like length, one thread.

The lower half makes of pieces what the fourth of twelve layers knows of them (`inner`), and a first opinion (`early`)
that hears the fast scorer; the upper half makes of `inner` the `scores`, their `mean` and, of each piece, `hidden`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

# Posts in one call of the model: more do not fit the processor's second cache and are slower a post.
BATCH = 16
LONGEST = 128  # pieces read of one post, as many as the model has positions for
WIDTH = 384  # numbers a piece

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Vectors = npt.NDArray[np.float32]
Counts = npt.NDArray[np.int32]
Pieces = Sequence[Sequence[int]]


class Engine(NamedTuple):
    """A loaded model: the sessions of both halves, the tokenizer, and the facts that the lower half's file holds."""

    lower: Any
    upper: Any
    tokenizer: Any
    facts: dict[str, str]


def engine(lower: bytes, upper: bytes) -> Engine:
    """Load both halves from their bytes, on one thread: the night runs one process a core."""
    from tokenizers import Tokenizer

    first = session(lower)
    facts = first.get_modelmeta().custom_metadata_map
    tokenizer = Tokenizer.from_str(facts["tokenizer"])
    tokenizer.enable_truncation(LONGEST)
    return Engine(first, session(upper), tokenizer, facts)


def session(content: bytes) -> InferenceSession:
    """A part of a model, from its bytes."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings name nodes, not causes
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def pieces(engine: Engine, texts: Sequence[str]) -> list[list[int]]:
    """Piece numbers of each text; one by one, since the library's own batches would take every core."""
    return [engine.tokenizer.encode(text).ids for text in texts]


def batches(found: Pieces) -> Iterator[tuple[list[int], Counts, Counts]]:
    """Places of texts of like length, and their ids and mask (batch, length)."""
    by_length = sorted(range(len(found)), key=lambda at: len(found[at]))
    for start in range(0, len(by_length), BATCH):
        places = by_length[start : start + BATCH]
        yield places, *padded([found[at] for at in places])


def padded(found: Pieces) -> tuple[Counts, Counts]:
    """Ids and mask (batch, length): 1 is the padding piece."""
    ids = np.ones((len(found), max(map(len, found))), np.int32)
    mask = np.zeros_like(ids)
    for row, numbers in enumerate(found):
        ids[row, : len(numbers)] = numbers
        mask[row, : len(numbers)] = 1
    return ids, mask


def whole(engine: Engine, ids: Counts, mask: Counts, names: Sequence[str]) -> list[Vectors]:
    """What the upper half gives under `names`, of texts read to the end."""
    return upper(engine, inner(engine, ids, mask), mask, names)


def inner(engine: Engine, ids: Counts, mask: Counts) -> Vectors:
    """What the lower half makes of each piece, (batch, length, WIDTH)."""
    silent = np.zeros((len(ids), 3), np.float32)
    found: Vectors = engine.lower.run(["inner"], {"ids": ids, "mask": mask, "heard": silent})[0]
    return found


def upper(engine: Engine, inner: Vectors, mask: Counts, names: Sequence[str]) -> list[Vectors]:
    """What the upper half gives under `names` of what the lower half made."""
    found: list[Vectors] = engine.upper.run(list(names), {"inner": inner, "mask": mask})
    return found


def softmax(scores: Vectors) -> Vectors:
    """Chances (n, 3) of scores (n, 3)."""
    wide = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(wide / wide.sum(axis=1, keepdims=True), np.float32)
