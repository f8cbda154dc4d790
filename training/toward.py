"""Trains the tone toward a place: python -m training.toward [--accurate] (needs scipy and ../shared)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.score.masking import mask
from pipeline.score.sentiment import accurate, encoder, fr
from pipeline.score.toward import heads, judging
from training.mentions import Labelled, examples, gold, half, invented, real, voices
from training.regression import fit, macro_f1

STRENGTH = 0.3  # inverse of the L2 penalty
# Real posts that judge a place are rare: each counts several times, so that the model does not answer "nothing" always.
RARE_FAST, RARE_ACCURATE = 3.0, 4.0
# And an invented post less than one time: there are nearly as many as of real ones, and cues mistake their manner.
INVENTED_FAST, INVENTED_ACCURATE = 0.1, 0.5
# One in a voice unlike theirs counts half as much again: at full weight the real posts are read worse by a point.
OTHER_VOICE = 0.5
# How loud the encoder's standardised vector speaks under the same penalty as cues.
LOUD = 0.15
FOLDS, DEALS = 10, 4

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def three(labels: Sequence[str]) -> Numbers:
    """Negative 0, positive 2, and 1 for neutral and not_about, which count as one."""
    return np.array([0 if label == "negative" else 2 if label == "positive" else 1 for label in labels])


def answers(logits: Floats) -> Numbers:
    """The three-way answer of logits, as `judging` gives it."""
    return judging._three(heads.probabilities(logits)).argmax(axis=1)


def matrix(found: Sequence[dict[str, float]], names: Sequence[str]) -> sparse.csr_matrix:
    """Cues as rows over `names`; an unknown cue is left out."""
    column = {name: i for i, name in enumerate(names)}
    cells = [
        (row, column[name], value) for row, one in enumerate(found) for name, value in one.items() if name in column
    ]
    rows, columns, values = zip(*cells, strict=True)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(found), len(names)))


def train(rows: sparse.csr_matrix, labelled: Sequence[Labelled], rare: float, invented: float) -> Floats:
    """Weights (columns, labels); each real post that judges counts `rare` times, each invented one `invented` times.

    Column 0 is 1 for every mention.
    """
    weights = np.array([_weight(one, rare, invented) for one in labelled])
    targets = np.array([[float(one.label == label) for label in heads.LABELS] for one in labelled])
    table, bias = fit(rows, targets, weights, STRENGTH)
    table[0] += bias
    return table


def _weight(one: Labelled, rare: float, invented: float) -> float:
    if one.origin in {"invented", "voices"}:
        return invented if one.origin == "invented" else invented * OTHER_VOICE
    return rare if judges(one) else 1.0


def judges(one: Labelled) -> bool:
    """Whether it is a real post that praises or blames the place: there are few."""
    return one.origin == "real" and one.label in {"negative", "positive"}


def cues_alone(rows: sparse.csr_matrix, labelled: Sequence[Labelled]) -> Floats:
    """The fast head."""
    return train(rows, labelled, RARE_FAST, INVENTED_FAST)


def with_encoder(rows: sparse.csr_matrix, labelled: Sequence[Labelled]) -> Floats:
    """The accurate head: the mean of a model of everything and one of the encoder alone, which errs elsewhere."""
    both = train(rows, labelled, RARE_ACCURATE, INVENTED_ACCURATE)
    width = 2 * encoder.WIDTH
    alone = np.zeros_like(both)
    columns = np.r_[0, np.arange(rows.shape[1] - width, rows.shape[1])]
    alone[columns] = train(rows[:, columns], labelled, RARE_ACCURATE, INVENTED_ACCURATE)
    return (both + alone) / 2


def held_out(
    rows: sparse.csr_matrix,
    labelled: list[Labelled],
    learn: Callable[[sparse.csr_matrix, Sequence[Labelled]], Floats],
    beside: Floats,
) -> dict[str, float]:
    """Macro-F1 by origin of mentions answered by a model that saw neither them nor another mention of their text.

    The mean over DEALS ways to deal texts into FOLDS: one deal differs from the next by a point. `beside` is what the
    relation says of them, not a number where it is not asked.
    """
    texts = {text: i for i, text in enumerate(dict.fromkeys(one.place.text for one in labelled))}
    truth, origins = three([one.label for one in labelled]), np.array([one.origin for one in labelled])
    measured: dict[str, list[float]] = {origin: [] for origin in ("examples", "invented", "voices", "gold", "real")}
    for seed in range(DEALS):
        deal = np.random.default_rng(seed).permutation(len(texts)) % FOLDS
        place = np.array([deal[texts[one.place.text]] for one in labelled])
        guessed = np.zeros(len(labelled), dtype=np.int64)
        for fold in range(FOLDS):
            inside = [one for one, where in zip(labelled, place, strict=True) if where != fold]
            told = rows[place == fold] @ learn(rows[place != fold], inside)
            guessed[place == fold] = answers(mixed(told, beside[place == fold]))
        for origin, found in measured.items():
            found.append(macro_f1(guessed[origins == origin], truth[origins == origin]))
    return {f"cross_validated_{origin}": round(float(np.mean(found)), 4) for origin, found in measured.items()}


def standard(vectors: Floats) -> tuple[Floats, Floats, Floats]:
    """What `heads.seen` gives, each number with mean 0 and deviation LOUD, and by what it was moved and divided."""
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) / LOUD
    return (vectors - mean) / spread, mean, spread


def pretty(facts: dict[str, object], weights: dict[str, list[float]]) -> str:
    """JSON with one cue a line, so that a change of weights can be read."""
    lines = ",\n".join(f"  {json.dumps(cue, ensure_ascii=False)}: {json.dumps(told)}" for cue, told in weights.items())
    return json.dumps(facts)[:-1] + f',\n"weights": {{\n{lines}\n}}}}\n'


def mixed(told: Floats, beside: Floats) -> Floats:
    """Both logits together; `told` alone where `beside` is not a number."""
    return np.where(np.isnan(beside), told, heads.together(told, beside))


def related(posts: Sequence[Labelled], halves: Sequence[Path]) -> Floats:
    """What the relation says of mentions that are learnt from: of a real post, what the file of `halves` says that did
    not learn from it; of others nothing that counts, for both did.
    """
    beside = np.full((len(posts), len(heads.LABELS)), np.nan)
    at = np.array([row for row, one in enumerate(posts) if one.origin == "real"])
    if halves:
        side = half([posts[row] for row in at])
        for number, path in enumerate(halves):
            rows = at[side == number]
            layers = encoder.session(path.read_bytes())
            beside[rows] = heads.seen(accurate, [posts[row].place for row in rows], layers)[1]
    return beside


def main() -> None:
    """Train one head, print what held-out mentions say, write its weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accurate", action="store_true", help="the head that reads the encoder too")
    of_halves = "files of training.relation --keep 0 and --keep 1: real posts are then measured with the relation"
    parser.add_argument("--halves", nargs=2, type=Path, default=(), help=of_halves)
    asked = parser.parse_args()
    learnt, kept = gold()
    labelled = [*examples(), *invented(), *voices(), *learnt, *real()]
    every = [*labelled, *kept]
    n = len(labelled)
    masked = [mask(one.place.text, one.place.own_words) for one in every]
    tones = accurate.tones(masked) if asked.accurate else fr.tones(masked)
    found = judging.cues_of([one.place for one in every], "fr", tones)
    names = ["bias", *sorted({name for one in found[:n] for name in one} - {"bias"})]
    rows, learn, beside = matrix(found, names), cues_alone, np.full((len(every), len(heads.LABELS)), np.nan)
    mean, spread = np.zeros(0), np.ones(0)
    if asked.accurate:
        vectors, beside = heads.seen(accurate, [one.place for one in every])
        vectors, mean, spread = standard(vectors)
        rows, learn = sparse.hstack([rows, vectors]).tocsr(), with_encoder
    facts: dict[str, object] = {"version": judging.VERSION, "trained_on": n, "labels": heads.LABELS}
    facts |= held_out(rows[:n], labelled, learn, related(labelled, asked.halves))
    table = learn(rows[:n], labelled)
    told = answers(mixed(rows[n:] @ table, beside[n:]))
    facts["gold_kept"] = round(macro_f1(told, three([one.label for one in kept])), 4)
    sys.stdout.write(json.dumps(facts) + "\n")
    if asked.accurate:
        folded = table[len(names) :] / spread[:, None]
        table[0] -= mean @ folded
        facts |= {"encoder": accurate.SHA256, "vectors": np.round(folded, 4).tolist()}
    loud = [i for i in range(len(names)) if abs(table[i]).max() > 5e-3]
    weights = {names[i]: [round(float(w), 3) for w in table[i]] for i in loud}
    (heads.ACCURATE if asked.accurate else heads.FAST).write_text(pretty(facts, weights))


if __name__ == "__main__":
    main()
