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
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError, SchemaError
from pipeline.score.sentiment.plain import plain

log = logging.getLogger(__name__)

NAME = "accurate"
VERSION = "2"
MODEL = Path(__file__).with_name("accurate.onnx")
SHA256 = "710a1a860e673e6956addd43c2d433d3516ba6a830d0850ee4e94b70f3978455"

# Posts sorted by length together: the more, the less padding; 4,096 of them hold 1.2 MB of piece numbers.
WINDOW = 4096
# Posts in one call of the model: more do not fit the processor's second cache and are slower a post.
BATCH = 16
LONGEST = 128  # pieces read of one post, as many as the model has positions for

WIDTHS = {"scores": 3, "mean": 384}  # what the model can be asked for of a text, beside "hidden", of each piece
# A question whose answer the file holds: a processor that overflows in 8 bits gives another.
PROBE = "Quelle belle surprise, un accueil chaleureux malgré la pluie et deux heures de retard !"
ASTRAY = 0.1  # roundings differ by 0.01 between processors

Probabilities = tuple[float, float, float]
Vectors = npt.NDArray[np.float32]
# A text without a single word or sign says nothing, and nothing is what "neutral" was learnt from.
BLANK: Probabilities = (0.0, 1.0, 0.0)


class Engine(NamedTuple):
    """A loaded model: its session and tokenizer."""

    session: Any
    tokenizer: Any


def available() -> bool:
    """Whether the model lies beside this file; its content is checked when it is loaded."""
    return MODEL.is_file()


def tones(texts: Sequence[str]) -> list[Probabilities]:
    """Calibrated (negative, neutral, positive), summing to 1, of each masked text, in order.

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
        likely = _softmax(outputs(_engine(), distinct, "scores"))
        known = {text: (float(a), float(b), float(c)) for text, (a, b, c) in zip(distinct, likely, strict=True)}
        yield from (known.get(text, BLANK) for text in window)


def embed(texts: Sequence[str], about: str) -> Vectors:
    """What the encoder makes of each text before it judges it, (n, 768): the mean over its pieces, and the mean over
    those of `about` alone, as they read in this text; over all again where `about` is not among the first pieces.
    Zeros for a text without words.
    """
    prepared = [plain(text) for text in texts]
    distinct = [text for text in dict.fromkeys(prepared) if text]
    found = dict(zip(distinct, _around(_engine(), distinct, about), strict=True))
    nothing = np.zeros(2 * WIDTHS["mean"], np.float32)
    return np.array([found.get(text, nothing) for text in prepared], np.float32).reshape(-1, len(nothing))


def _around(engine: Engine, texts: Sequence[str], about: str) -> Vectors:
    read = [engine.tokenizer.encode(text) for text in texts]
    found = np.zeros((len(texts), 2 * WIDTHS["mean"]), np.float32)
    for places, given in _batches([one.ids for one in read]):
        means, hidden = engine.session.run(["mean", "hidden"], given)
        for mean, pieces, at in zip(means, hidden, places, strict=True):
            named = _named(read[at].offsets, texts[at].find(about), len(about))
            found[at] = np.concatenate([mean, pieces[named].mean(axis=0) if named else mean])
    return found


def _named(offsets: Sequence[tuple[int, int]], start: int, length: int) -> list[int]:
    """Pieces that hold characters of the `length` from `start`; none where `start` is -1."""
    return [at for at, (first, last) in enumerate(offsets) if 0 <= start < last and first < start + length]


def outputs(engine: Engine, texts: Sequence[str], name: str) -> Vectors:
    """The `scores` or the `mean` (n, width) of texts already plain and not empty, in batches of like length."""
    found = np.zeros((len(texts), WIDTHS[name]), np.float32)
    # One by one: the library's own batches would take every core.
    for places, given in _batches([engine.tokenizer.encode(text).ids for text in texts]):
        found[places] = engine.session.run([name], given)[0]
    return found


def _batches(pieces: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], dict[str, npt.NDArray[np.int32]]]]:
    """Places of texts of like length, and what the model is given of them: `ids` and `mask` (batch, length)."""
    by_length = sorted(range(len(pieces)), key=lambda at: len(pieces[at]))
    for start in range(0, len(by_length), BATCH):
        places = by_length[start : start + BATCH]
        ids, mask = _padded([pieces[at] for at in places])
        yield places, {"ids": ids, "mask": mask}


def _padded(pieces: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Ids and mask (batch, length): 1 is the padding piece."""
    ids = np.ones((len(pieces), max(map(len, pieces))), np.int32)
    mask = np.zeros_like(ids)
    for row, numbers in enumerate(pieces):
        ids[row, : len(numbers)] = numbers
        mask[row, : len(numbers)] = 1
    return ids, mask


def _softmax(scores: Vectors) -> Vectors:
    wide = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(wide / wide.sum(axis=1, keepdims=True), np.float32)


def engine(content: bytes) -> Engine:
    """Load a model from its bytes, on one thread: the night runs one process a core."""
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings name nodes, not causes
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    tokenizer = Tokenizer.from_str(facts["tokenizer"])
    tokenizer.enable_truncation(LONGEST)
    made = Engine(session, tokenizer)
    expected = [float(chance) for chance in facts["probe"].split()]
    if expected and np.abs(_softmax(outputs(made, [PROBE], "scores"))[0] - expected).max() > ASTRAY:
        log.warning(
            "this processor computes %s/%s otherwise than where it was made: its tones are less exact", NAME, VERSION
        )
    return made


@cache
def _engine() -> Engine:
    """The model beside this file, checked and loaded once a process: what is checked is what is loaded."""
    try:
        content = MODEL.read_bytes()
    except OSError as problem:
        raise ConfigError(f"{MODEL} cannot be read: install the whole project, or set RAYONNER_TIER=fast") from problem
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SchemaError(f"{MODEL} is not the model of {NAME}/{VERSION}: fetch it again from the project")
    return engine(content)
