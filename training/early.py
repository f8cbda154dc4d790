"""Teaches the fourth layer of the accurate scorer to answer where it can: python -m training.early --whole FILE.

Most texts that the fast scorer leaves in doubt need no twelve layers. A small head reads the fourth, hears the fast
scorer, and learns what both scorers together say of a text in the end; where it is sure, the other eight layers are not
asked. The encoder itself is not changed: its graph is cut in two after that layer and the head is added to the first
half. docs/models/accurate.md tells what it is worth.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch

from pipeline.score.masking import mask
from pipeline.score.sentiment import accurate, en, encoder, fr, tiers
from training import halves, quality, study, tweets
from training.head import Head, Numbers, Texts, answers, learn

log = logging.getLogger("training.early")

POSTS, KEPT = 12_000, 3_000  # more real posts; so many of them are kept from learning, to choose thresholds by
# What is told in the end of learning: how often posts are asked about, and how often the answer is another.
DOUBTS, ENOUGH = (0.60, 0.62, 0.64, 0.66, 0.68, 0.70, 0.75), (0.45, 0.50, 0.52, 0.54, 0.56, 0.60, 1.01)


def main() -> None:
    """Ask for the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", type=Path, required=True, help="whole.onnx of training.accurate, or of version 2")
    parser.add_argument(
        "--out", type=Path, default=accurate.LOWER.parent, help="folder that both halves are written to"
    )
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    write(asked.whole, asked.out)


def write(path: Path, out: Path) -> None:
    """Learn, tell what the head is worth on posts kept from it, and write both halves."""
    whole = onnx.load_from_string(path.read_bytes())
    known = texts(halves.engine(whole))
    rows = np.arange(len(known.pieces))
    head = learn(known, rows[:-KEPT])
    tell(head, known, rows[-KEPT:])
    lower, upper = halves.cut(whole)
    contents = [half.SerializeToString(deterministic=True) for half in (halves.joined(lower, head), upper)]
    for name, content in zip((accurate.LOWER.name, accurate.UPPER.name), contents, strict=True):
        (out / name).write_bytes(content)
    log.info("%s bytes, sha256 %s", [*map(len, contents)], hashlib.sha256(b"".join(contents)).hexdigest())


def texts(engine: encoder.Engine) -> Texts:
    """The texts that a student would learn from and POSTS more, read by both scorers: some ten minutes."""
    kinds = study.asked()
    known = {text for kind in kinds for text in kind.texts}
    others = [text for text in tweets.unlabelled() if text not in known]
    chosen = np.random.default_rng(7).choice(len(others), POSTS, replace=False)
    every = [*kinds, study.Asked([others[at] for at in chosen], "fr")]
    fast = np.maximum(np.array([told for kind in every for told in _fast(kind)], np.float32), accurate.LEAST)
    pieces, scores = _read(engine, [text for kind in every for text in kind.texts])
    both = quality.chances(scores) ** (1 - tiers.HEARD) * fast**tiers.HEARD
    return Texts(pieces, np.log(fast), both / both.sum(axis=1, keepdims=True))


def _fast(kind: study.Asked) -> list[tiers.Probabilities]:
    return (en if kind.language == "en" else fr).tones([mask(text, ()) for text in kind.texts])


def _read(engine: encoder.Engine, asked: list[str]) -> tuple[list[npt.NDArray[np.float16]], Numbers]:
    """Of each text its pieces at halves.LAYER, and the whole encoder's scores."""
    pieces = [np.zeros((0, 0), np.float16)] * len(asked)
    scores = np.zeros((len(asked), 3), np.float32)
    for places, ids, real in encoder.batches(encoder.pieces(engine, asked)):
        inner = encoder.inner(engine, ids, real)
        scores[places] = encoder.upper(engine, inner, real, ["scores"])[0]
        for at, row, length in zip(places, inner, real.sum(axis=1), strict=True):
            pieces[at] = row[:length].astype(np.float16)
    return pieces, scores


def tell(head: Head, known: Texts, rows: npt.NDArray[np.int64]) -> None:
    """Log what pairs of thresholds cost and change on posts kept from learning."""
    fast, told = np.exp(known.heard[rows]), known.told[rows]
    early = answers(head, known, rows)
    for doubt in DOUBTS:
        asked = fast.max(axis=1) < doubt
        for enough in ENOUGH:
            whole = asked & (early.max(axis=1) < enough)
            said = np.where(asked, np.where(whole, told.argmax(1), early.argmax(1)), fast.argmax(1))
            shares = (asked.mean(), whole.mean(), (said != told.argmax(1)).mean())
            log.info(
                "below %.2f, enough %.2f: asked %.3f, to the end %.3f, another answer %.4f", doubt, enough, *shares
            )


if __name__ == "__main__":
    main()
