"""Trains the tone toward a place: python -m training.toward [--accurate] (needs scipy and ../shared)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.score.masking import mask
from pipeline.score.sentiment import accurate, encoder, fr
from pipeline.score.toward import heads, judging
from training.mentions import Labelled, examples, gold, invented, real, voices
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
    return rare if one.origin == "real" and three([one.label])[0] != 1 else 1.0


def cues_alone(rows: sparse.csr_matrix, labelled: Sequence[Labelled]) -> Floats:
    """The fast head."""
    return train(rows, labelled, RARE_FAST, INVENTED_FAST)


def with_encoder(rows: sparse.csr_matrix, labelled: Sequence[Labelled]) -> Floats:
    """The accurate head: the mean of a model of everything and one of the encoder alone, which errs elsewhere."""
    both = train(rows, labelled, RARE_ACCURATE, INVENTED_ACCURATE)
    width = 3 * encoder.WIDTH + 1
    alone = np.zeros_like(both)
    columns = np.r_[0, np.arange(rows.shape[1] - width, rows.shape[1])]
    alone[columns] = train(rows[:, columns], labelled, RARE_ACCURATE, INVENTED_ACCURATE)
    return (both + alone) / 2


def held_out(
    rows: sparse.csr_matrix, labelled: list[Labelled], learn: Callable[[sparse.csr_matrix, Sequence[Labelled]], Floats]
) -> dict[str, float]:
    """Macro-F1 by origin of mentions answered by a model that saw neither them nor another mention of their text.

    The mean over DEALS ways to deal texts into FOLDS: one deal differs from the next by a point.
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
            guessed[place == fold] = answers(rows[place == fold] @ learn(rows[place != fold], inside))
        for origin, found in measured.items():
            found.append(macro_f1(guessed[origins == origin], truth[origins == origin]))
    return {f"cross_validated_{origin}": round(float(np.mean(found)), 4) for origin, found in measured.items()}


def standard(vectors: Floats) -> tuple[Floats, Floats, Floats]:
    """What `heads.seen` gives, each number with mean 0 and deviation LOUD, and by what it was moved and divided.

    The place in its clause is measured as the place in its text: where no clause was read it stays 0.
    """
    read, whole = vectors[:, -1:], vectors[:, : 2 * encoder.WIDTH]
    mean, spread = whole.mean(axis=0), whole.std(axis=0) / LOUD
    mean, spread = (np.r_[one, one[encoder.WIDTH :], last] for one, last in ((mean, 0.0), (spread, 1.0)))
    shown = np.hstack([np.ones((len(vectors), 2 * encoder.WIDTH)), read.repeat(encoder.WIDTH, axis=1), read])
    return (vectors - mean) / spread * shown, mean, spread


def pretty(facts: dict[str, object], weights: dict[str, list[float]]) -> str:
    """JSON with one cue a line, so that a change of weights can be read."""
    lines = ",\n".join(f"  {json.dumps(cue, ensure_ascii=False)}: {json.dumps(told)}" for cue, told in weights.items())
    return json.dumps(facts)[:-1] + f',\n"weights": {{\n{lines}\n}}}}\n'


def main() -> None:
    """Train one head, print what held-out mentions say, write its weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accurate", action="store_true", help="the head that reads the encoder too")
    is_accurate = parser.parse_args().accurate
    learnt, kept = gold()
    labelled = [*examples(), *invented(), *voices(), *learnt, *real()]
    every = [*labelled, *kept]
    masked = [mask(one.place.text, one.place.own_words) for one in every]
    tones = accurate.tones(masked) if is_accurate else fr.tones(masked)
    found = judging.cues_of([one.place for one in every], "fr", tones)
    names = ["bias", *sorted({name for one in found[: len(labelled)] for name in one} - {"bias"})]
    rows, mean, spread = matrix(found, names), np.zeros(0), np.ones(0)
    if is_accurate:
        vectors, mean, spread = standard(heads.seen(accurate, [one.place for one in every]))
        rows = sparse.hstack([rows, vectors]).tocsr()
    learn = with_encoder if is_accurate else cues_alone
    facts: dict[str, object] = {"version": judging.VERSION, "trained_on": len(labelled), "labels": heads.LABELS}
    facts |= held_out(rows[: len(labelled)], labelled, learn)
    table = learn(rows[: len(labelled)], labelled)
    told = answers(rows[len(labelled) :] @ table)
    facts["gold_kept"] = round(macro_f1(told, three([one.label for one in kept])), 4)
    sys.stdout.write(json.dumps(facts) + "\n")
    if is_accurate:
        folded = table[len(names) :] / spread[:, None]
        whole = 2 * encoder.WIDTH
        table[0] -= mean[:whole] @ folded[:whole]
        folded[-1] -= mean[whole:-1] @ folded[whole:-1]
        facts |= {"encoder": accurate.SHA256, "vectors": np.round(folded, 4).tolist()}
    loud = [i for i in range(len(names)) if abs(table[i]).max() > 5e-3]
    weights = {names[i]: [round(float(w), 3) for w in table[i]] for i in loud}
    (heads.ACCURATE if is_accurate else heads.FAST).write_text(pretty(facts, weights))


if __name__ == "__main__":
    main()
