"""Trains the tone toward a place: python -m training.toward (needs scipy and ../shared; writes weights.json)."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.score.masking import mask
from pipeline.score.sentiment import fr
from pipeline.score.toward import judging
from pipeline.score.toward.view import Place
from training.fast import SHARED, fit, macro_f1

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = Path(__file__).with_name("toward_examples.tsv")
GOLD = ROOT / "tests" / "score" / "toward_gold.tsv"
REAL = ROOT / "tests" / "score" / "toward_real.tsv"
STRENGTH = 0.3  # inverse of the L2 penalty
# Real posts that judge a place are rare: each stands for three, so that the model does not answer "nothing" always.
RARE = 3.0
FOLDS = 10


class Labelled(NamedTuple):
    """A mention with its tone, and where it comes from: examples, gold or real."""

    place: Place
    label: str
    origin: str


def examples() -> list[Labelled]:
    """Sentences written to train from."""
    return [_written(text, place, label, "examples") for label, place, text in _lines(EXAMPLES)]


def gold() -> tuple[list[Labelled], list[Labelled]]:
    """The gold set's two halves: odd lines to train from, even lines kept for measuring."""
    every = [_written(text, place, label, "gold") for _, label, place, text in _lines(GOLD)]
    return every[::2], every[1::2]


def real() -> list[Labelled]:
    """Labelled real posts, their texts read where they lie."""
    rows = list(_lines(REAL))
    wanted = {row[0] for row in rows}
    with gzip.open(SHARED / "posts_fr_before_2020.jsonl.gz", "rt", encoding="utf8") as lines:
        posts = (json.loads(line) for line in lines)
        texts = {post["post_id"]: post["text"] for post in posts if post["post_id"] in wanted}
    return [Labelled(Place(texts[i], int(a), int(b)), label, "real") for i, a, b, label, _ in rows]


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf8").splitlines() if not line.startswith("#")]


def _written(text: str, place: str, label: str, origin: str) -> Labelled:
    start = text.index(place)
    return Labelled(Place(text, start, start + len(place)), label, origin)


def cues(labelled: Sequence[Labelled]) -> list[dict[str, float]]:
    """Features as the fast tier would give them."""
    tones = fr.tones([mask(one.place.text, one.place.own_words) for one in labelled])
    return judging.cues_of([one.place for one in labelled], "fr", tones)


def matrix(found: Sequence[dict[str, float]], names: Sequence[str]) -> sparse.csr_matrix:
    """Cues as rows over `names`; an unknown cue is left out."""
    column = {name: i for i, name in enumerate(names)}
    cells = [
        (row, column[name], value) for row, one in enumerate(found) for name, value in one.items() if name in column
    ]
    rows, columns, values = zip(*cells, strict=True)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(found), len(names)))


def three(labels: Sequence[str]) -> npt.NDArray[np.int64]:
    """Negative 0, positive 2, and 1 for neutral and not_about, which count as one."""
    return np.array([0 if label == "negative" else 2 if label == "positive" else 1 for label in labels])


def train(rows: sparse.csr_matrix, labelled: Sequence[Labelled]) -> npt.NDArray[np.float64]:
    """Weights (cues, labels); each real post that judges counts RARE times."""
    weights = np.array([RARE if one.origin == "real" and three([one.label])[0] != 1 else 1.0 for one in labelled])
    targets = np.array([[float(one.label == label) for label in judging.LABELS] for one in labelled])
    table, bias = fit(rows, targets, weights, STRENGTH)
    table[0] += bias  # the first cue is "bias", 1 for every mention
    return table


def told(rows: sparse.csr_matrix, table: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The three-way answer, as `judging` gives it."""
    odds = np.exp(rows @ table)
    negative, neutral, positive, elsewhere = (odds / odds.sum(axis=1, keepdims=True)).T
    return np.stack([negative, neutral + elsewhere, positive], axis=1).argmax(axis=1)


def _pretty(facts: dict[str, object], weights: dict[str, list[float]]) -> str:
    """JSON with one cue a line, so that a change of weights can be read."""
    lines = ",\n".join(f"  {json.dumps(cue, ensure_ascii=False)}: {json.dumps(told)}" for cue, told in weights.items())
    return (
        json.dumps(facts, indent=1)[:-2]
        + f',\n "labels": {json.dumps(judging.LABELS)},\n "weights": {{\n{lines}\n }}\n}}\n'
    )


def main() -> None:
    """Train, print what held-out mentions say, write the weights."""
    learnt, kept = gold()
    labelled = [*examples(), *learnt, *real()]
    found = cues(labelled)
    names = ["bias", *sorted({name for one in found for name in one} - {"bias"})]
    rows, answers = matrix(found, names), three([one.label for one in labelled])
    place = np.random.default_rng(0).permutation(len(labelled)) % FOLDS
    guessed = np.zeros(len(labelled), dtype=np.int64)
    for fold in range(FOLDS):
        inside = [one for one, where in zip(labelled, place, strict=True) if where != fold]
        guessed[place == fold] = told(rows[place == fold], train(rows[place != fold], inside))
    table = train(rows, labelled)
    origins = np.array([one.origin for one in labelled])
    facts = {
        f"macro_f1_{origin}": round(macro_f1(guessed[origins == origin], answers[origins == origin]), 4)
        for origin in ("examples", "gold", "real")
    }
    facts["macro_f1_gold_kept"] = round(
        macro_f1(told(matrix(cues(kept), names), table), three([k.label for k in kept])), 4
    )
    weights = {
        name: [round(float(w), 3) for w in table[i]] for i, name in enumerate(names) if abs(table[i]).max() >= 0.005
    }
    told_facts = {"version": judging.VERSION, "trained_on": len(labelled), **facts}
    judging.MODEL.write_text(_pretty(told_facts, weights))
    sys.stdout.write(json.dumps(told_facts) + "\n")


if __name__ == "__main__":
    main()
