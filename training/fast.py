"""Trains the fast scorers: python -m training.fast fr|en [--posts 24000] (needs scipy, ../shared)."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.score import language
from pipeline.score.masking import mask
from pipeline.score.sentiment import en, features, fr, linear, tiers
from training import cuttings
from training.regression import Floats, fit, macro_f1, temperature

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
POSTS = SHARED / "posts_fr_before_2020.jsonl.gz"
SCORERS = {"fr": fr, "en": en}
FOLDS = 5
# Inverse strength of the L2 penalty: there is more to learn than 1,839 labels (0.7 was best for those alone).
FIT = 4.0
# Weight of the encoder's opinion against a person's label of a tweet. Ten cuttings weigh twice as much as the tweet
# that they were made of; with five cuttings, or four times as much, validation's surprise rises again.
BELIEVED = {"cutting": 0.2, "post": 0.1}


class Lesson(NamedTuple):
    """Rows of features, wanted answers (n, 3), weights (n), and the places of the tweets a row was made of (n, 2)."""

    rows: sparse.csr_matrix
    targets: Floats
    weights: Floats
    parents: npt.NDArray[np.int64]


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
    """What the accurate scorer says of each text, (n, 3); those that `kept` answers already are not asked again."""
    known: dict[str, list[float]] = json.loads(kept.read_text("utf8")) if kept and kept.is_file() else {}
    new = list(dict.fromkeys(text for text in texts if text not in known))
    teacher = tiers.accurate()
    if teacher is None:
        raise SystemExit("the accurate scorer is not installed: nobody to learn from")
    known.update((text, [round(p, 5) for p in told]) for text, told in zip(new, teacher.tones(new), strict=True))
    if kept:
        kept.write_text(json.dumps(known), "utf8")
    return np.array([known[text] for text in texts]).reshape(-1, 3)


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


def lesson(
    scorer: ModuleType, texts: Sequence[str], labels: npt.NDArray[np.int64], asked: argparse.Namespace
) -> Lesson:
    """People's labels, and the accurate scorer's opinions of cuttings of the same tweets and of real posts."""
    made = cuttings.cut(texts, random.Random(7))
    posts = unlabelled()[: asked.posts] if asked.posts else []
    told = opinions([*(one.text for one in made), *posts], asked.opinions)
    own = np.arange(len(texts))
    everything = [*texts, *(one.text for one in made), *posts]
    return Lesson(
        matrix([scorer.seen(text) for text in everything]),
        np.vstack([np.eye(3)[labels], balanced(told[: len(made)]), balanced(told[len(made) :])]),
        np.repeat([1.0, BELIEVED["cutting"], BELIEVED["post"]], [len(texts), len(made), len(posts)]),
        np.vstack([np.c_[own, own], np.array([one.parents for one in made]), np.full((len(posts), 2), -1)]),
    )


def taught(lesson: Lesson, kept: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """A model that has seen the kept tweets and what was made of nothing but them."""
    seen = np.append(kept, True)[lesson.parents].all(axis=1)  # -1, the parent of posts, reads the last: always
    return fit(lesson.rows[seen], lesson.targets[seen], lesson.weights[seen], FIT)


def folds(lesson: Lesson, count: int) -> Floats:
    """Logits of each of the `count` tweets, which stand first, by a model that has not seen it."""
    place = np.random.default_rng(0).permutation(count) % FOLDS
    logits = np.zeros((count, 3))
    for fold in range(FOLDS):
        table, bias = taught(lesson, place != fold)
        logits[place == fold] = lesson.rows[:count][place == fold] @ table + bias
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
    parser.add_argument("--posts", type=int, default=0, help="real French posts to ask the accurate scorer about")
    parser.add_argument("--opinions", type=Path, help="where its answers are kept between runs (.json)")
    asked = parser.parse_args()
    scorer = SCORERS[asked.lang]
    texts, labels = labelled(asked.lang, "train")
    lessons = lesson(scorer, texts, labels, asked)
    held_out = folds(lessons, len(texts))
    heat = temperature(held_out, labels)
    table, bias = taught(lessons, np.ones(len(texts), dtype=bool))
    facts = {"cross_validated_macro_f1": round(macro_f1(held_out.argmax(axis=1), labels), 4), "temperature": heat}
    facts |= {"labelled": len(texts), "distilled_from": lessons.rows.shape[0] - len(texts)}
    facts |= {"licence": "MIT; see docs/models"}
    save(scorer.MODEL, table, bias, heat, facts)
    linear.load.cache_clear()
    texts, labels = labelled(asked.lang, "val")
    told = np.array(scorer.tones(texts))
    sys.stdout.write(
        json.dumps(facts | {"validation_macro_f1": round(macro_f1(told.argmax(axis=1), labels), 4)}) + "\n"
    )


if __name__ == "__main__":
    main()
