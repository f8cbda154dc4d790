"""Trains the fast scorers: python -m training.fast fr|en [--distil 24000] (needs scipy, ../shared)."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from pipeline.score import language
from pipeline.score.masking import mask
from pipeline.score.sentiment import en, features, fr, linear, tiers

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
POSTS = SHARED / "posts_fr_before_2020.jsonl.gz"
SCORERS = {"fr": fr, "en": en}
FOLDS = 5
# Inverse strength of the L2 penalty, cross-validated on train; with soft targets there is more to learn from.
FIT, FIT_DISTILLED = 0.7, 2.0
# Weight of the encoder's opinion of a post against a person's label of a tweet: 24,000 opinions weigh as much as the
# 1,839 labels and half again. Three times as much helped folds whose labels the encoder had learnt, not validation.
BELIEVED = 0.1

Floats = npt.NDArray[np.float64]


def labelled(lang: str, split: str) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Masked texts and labels 0 negative, 1 neutral, 2 positive of UMSAB."""
    folder = SHARED / "sentiment" / f"umsab_{lang}"
    texts = (folder / f"{split}_text.txt").read_text("utf8").rstrip("\n").split("\n")
    return [mask(text, ()) for text in texts], np.array((folder / f"{split}_labels.txt").read_text().split(), int)


def unlabelled() -> list[str]:
    """Masked texts of the real posts in French, each once, shuffled; read in place, never written."""
    with gzip.open(POSTS, "rt", encoding="utf8") as lines:
        texts = list(dict.fromkeys(mask(json.loads(line)["text"], ()) for line in lines))
    french = [text for text, lang in zip(texts, language.identify(texts), strict=True) if lang == "fr"]
    random.Random(0).shuffle(french)
    return french


def opinions(texts: Sequence[str], kept: Path | None) -> Floats:
    """What the accurate scorer says of each text, (n, 3); read from `kept` where it holds enough answers."""
    if kept and kept.is_file() and len(known := np.load(kept)) >= len(texts):
        return np.asarray(known[: len(texts)], dtype=np.float64)
    teacher = tiers.accurate()
    if texts and teacher is None:
        raise SystemExit("the accurate scorer is not installed: nothing to distil from")
    told = np.array(teacher.tones(texts) if teacher and texts else []).reshape(-1, 3)
    if kept:
        np.save(kept, told)
    return told


def balanced(likely: Floats) -> Floats:
    """Opinions as if the three tones were equally common: politicians' posts are glad, the tweets to come are not."""
    odds = likely / np.maximum(likely.mean(axis=0), 1e-9) if len(likely) else likely
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def matrix(found: Sequence[features.Features]) -> sparse.csr_matrix:
    """Features as rows, weighed as `linear` weighs them."""
    starts, columns, values = [0], [], []
    for one in found:
        cells = [cell for word in one.words for cell in features.word_cells(word)]
        groups = (
            (cells, linear.WORDS / max(len(cells), 1) ** 0.5),
            (one.pairs, linear.PAIRS / max(len(one.pairs), 1) ** 0.5),
            (one.whole, linear.WHOLE),
        )
        for group, weight in groups:
            columns += group
            values += [weight] * len(group)
        starts.append(len(columns))
    shape = (len(found), 1 << features.BITS)
    rows = sparse.csr_matrix((values, columns, starts), shape=shape, dtype=np.float64)
    rows.sum_duplicates()
    return rows


def fit(rows: sparse.csr_matrix, targets: Floats, weights: Floats, strength: float) -> tuple[Floats, Floats]:
    """Softmax regression on soft targets (rows, classes); returns weights (cells, classes) and bias (classes)."""
    classes = targets.shape[1]
    used = np.flatnonzero(rows.getnnz(axis=0))
    narrow = rows[:, used].tocsr()
    turned = narrow.T.tocsr()

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


def folds(
    rows: sparse.csr_matrix, labels: npt.NDArray[np.int64], train: Callable[..., tuple[Floats, Floats]]
) -> Floats:
    """Logits of each row by a model that has not seen it."""
    place = np.random.default_rng(0).permutation(len(labels)) % FOLDS
    logits = np.zeros((len(labels), 3))
    for fold in range(FOLDS):
        table, bias = train(place != fold)
        logits[place == fold] = rows[place == fold] @ table + bias
    return logits


def save(path: Path, table: Floats, bias: Floats, heat: float, facts: dict[str, object]) -> None:
    """Weights in one byte, divided by the temperature; the .json beside says what they are and their hash."""
    step = np.abs(table).max(axis=0) / 127
    weights = np.rint(table / step).astype(np.int8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, weights=weights, step=step / heat, bias=bias / heat)
    path.write_bytes(buffer.getvalue())
    told = {"sha256": hashlib.sha256(buffer.getvalue()).hexdigest(), "features": features.VERSION, **facts}
    path.with_suffix(".json").write_text(json.dumps(told, indent=2) + "\n")


def main() -> None:
    """Train, print cross-validated and validation figures, write the artefact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lang", choices=sorted(SCORERS))
    parser.add_argument("--distil", type=int, default=0, help="real posts to ask the accurate scorer about")
    parser.add_argument("--opinions", type=Path, help="where its answers are kept between runs (.npy)")
    asked = parser.parse_args()
    scorer = SCORERS[asked.lang]
    texts, labels = labelled(asked.lang, "train")
    rows, targets = matrix([scorer.seen(text) for text in texts]), np.eye(3)[labels]
    more = unlabelled()[: asked.distil] if asked.distil else []
    taught = balanced(opinions(more, asked.opinions))
    extra = matrix([scorer.seen(text) for text in more])
    strength = FIT_DISTILLED if asked.distil else FIT

    def train(kept: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        both = sparse.vstack([rows[kept], extra]).tocsr()
        weights = np.r_[np.ones(kept.sum()), np.full(len(more), BELIEVED)]
        return fit(both, np.vstack([targets[kept], taught]), weights, strength)

    held_out = folds(rows, labels, train)
    heat = temperature(held_out, labels)
    table, bias = train(np.ones(len(texts), dtype=bool))
    facts = {"cross_validated_macro_f1": round(macro_f1(held_out.argmax(axis=1), labels), 4), "temperature": heat}
    facts |= {"labelled": len(texts), "distilled_from": len(more), "licence": "MIT; see docs/models"}
    save(scorer.MODEL, table, bias, heat, facts)
    linear.load.cache_clear()
    texts, labels = labelled(asked.lang, "val")
    told = np.array(scorer.tones(texts))
    sys.stdout.write(
        json.dumps(facts | {"validation_macro_f1": round(macro_f1(told.argmax(axis=1), labels), 4)}) + "\n"
    )


if __name__ == "__main__":
    main()
