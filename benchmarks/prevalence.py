"""Plain counting against counting corrected for the classifier's confusions: python -m benchmarks.prevalence

Half of a gold set, drawn at random, gives the confusion matrix; from the other half, samples with a planted net
sentiment are drawn and counted both ways. Prints that part of docs/method.md, which benchmarks.method prints whole.
With --confusion it writes sql/seeds/confusion.csv instead: the counts that the build corrects with.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks._method_words import PREVALENCE
from pipeline.steps.evaluate import Answer, Sets, Trial, tones, towards
from pipeline.steps.evaluate.sets import LABELS

CONFUSION = Path(__file__).parents[1] / "sql" / "seeds" / "confusion.csv"
SIGNS = np.array([-1.0, 0.0, 1.0])
Z = 1.95996
# Planted shares of negative, neutral and positive mentions: from a scandal to a good year, and what gold sets hold.
PLANTED = ((0.6, 0.3, 0.1), (0.33, 0.34, 0.33), (0.1, 0.6, 0.3), (0.05, 0.85, 0.1), (0.02, 0.38, 0.6))
DRAWS = 400

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of one scorer in one language: truths and answers as 0 negative, 1 neutral, 2 positive."""

    scorer: str
    lang: str
    truth: npt.NDArray[np.int64]
    answer: npt.NDArray[np.int64]


def gold(sets: Sets) -> Iterator[Told]:
    """Every scorer that a gold set can measure: tone toward the place (French), tone of the post (French, English)."""
    yield from toward(sets)
    yield from _told(tones.sentiments(sets), "")


def toward(sets: Sets) -> Iterator[Told]:
    """The scorers of the tone toward the place, on the half of the labelled sentences that nothing was trained from.

    All are read as French: what corrects French mentions is how those that were read as French are confused.
    """
    yield from _told(towards.gold(sets, "fr"), "fr")


def _told(trials: Iterable[Trial | str], lang: str) -> Iterator[Told]:
    """A trial whose data are absent is left out, with a line that says so."""
    for trial in trials:
        if isinstance(trial, str):
            sys.stderr.write(f"left out: {trial}\n")
        elif not trial.name.endswith("cascade"):
            yield from _by_scorer(trial.answers, lang)


def _by_scorer(answers: Sequence[Answer], lang: str) -> Iterator[Told]:
    """The answers apart by who gave them; those that only a rule gave, of a text with nothing to read, are few."""
    names = [one.why.split(" ")[0].rpartition("+")[2] for one in answers]
    name = Counter(names).most_common(1)[0][0]
    kept = [one for one, said in zip(answers, names, strict=True) if said == name]
    truth, answer = ([LABELS.index(label) for label in column] for column in zip(*((k.wanted, k.told) for k in kept)))  # noqa: B905
    yield Told(name, lang or kept[0].about, np.array(truth), np.array(answer))


def confusion(truth: npt.NDArray[np.int64], answer: npt.NDArray[np.int64]) -> Matrix:
    """Counts, truths in rows and answers in columns."""
    return np.bincount(3 * truth + answer, minlength=9).reshape(3, 3).astype(np.float64)


def corrected(counts: Matrix, told: Matrix) -> tuple[float, float] | None:
    """Net sentiment from `told` (answers by label) and its half-width, as sql/metrics/net_sentiment_corrected.sql.

    Rogan and Gladen 1978 in three classes, delta method for both samples; None is below the noise of the classifier.
    """
    sizes = counts.sum(axis=1)
    given = (counts / sizes[:, None]).T
    if youden(counts) < 0.3 or np.linalg.det(given) <= 0.01:
        return None
    inverse = np.linalg.inv(given)
    n = told.sum()
    shares = np.maximum(inverse @ (told / n), 0)
    worth = SIGNS @ inverse
    value = float(worth @ told / n)
    drawn = float((worth**2 @ told / n - value**2) / n)
    learnt = float((shares**2 * ((worth**2 @ given) - SIGNS**2) / sizes).sum())
    return max(-1.0, min(1.0, value)), Z * float(np.sqrt(drawn + learnt))


def youden(counts: Matrix) -> float:
    """The lower of sensitivity + specificity - 1 for negative and for positive."""
    found = []
    for one in (0, 2):
        rest = np.delete(counts, one, axis=0)
        found.append(counts[one, one] / counts[one].sum() - rest[:, one].sum() / rest.sum())
    return float(min(found))


def halves(told: Told, planted: Sequence[float], n: int, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Errors of plain and of corrected net sentiment: real answers of one half, corrected by what the other taught."""
    true = float(SIGNS @ np.array(planted))
    plain, fixed = [], []
    for _ in range(DRAWS):
        learn, rest = np.array_split(rng.permutation(len(told.truth)), 2)
        picked = [rng.choice(rest[told.truth[rest] == t]) for t in rng.choice(3, size=n, p=planted)]
        counts = np.bincount(told.answer[picked], minlength=3).astype(np.float64)
        found = corrected(confusion(told.truth[learn], told.answer[learn]), counts)
        plain.append(float(SIGNS @ counts / n) - true)
        fixed.append(found[0] - true if found else np.nan)
    return np.array(plain), np.array(fixed)


def holds(told: Told, planted: Sequence[float], n: int, rng: np.random.Generator) -> tuple[float, float]:
    """How often the 95 % interval holds the truth, plain and corrected, were the whole set's confusions the truth.

    The labelled set is drawn anew each time, as large as it is, and so are the mentions: both chances count.
    """
    true, table = float(SIGNS @ np.array(planted)), confusion(told.truth, told.answer)
    rows = table / table.sum(axis=1)[:, None]
    plain, fixed = [], []
    for _ in range(5 * DRAWS):
        learnt = np.array([rng.multinomial(int(size), row) for size, row in zip(table.sum(axis=1), rows, strict=True)])
        truths = rng.multinomial(n, planted)
        counts = sum(rng.multinomial(k, row) for k, row in zip(truths, rows, strict=True)).astype(np.float64)
        raw = float(SIGNS @ counts / n)
        plain.append(abs(raw - true) <= Z * np.sqrt((SIGNS**2 @ counts / n - raw**2) / n))
        found = corrected(learnt.astype(np.float64), counts)
        if found:
            fixed.append(abs(found[0] - true) <= found[1])
    return float(np.mean(plain)), float(np.mean(fixed))


def table(told: Told, n: int) -> Iterator[str]:
    """One Markdown table: a row per planted net sentiment."""
    counts = confusion(told.truth, told.answer)
    yield f"### {told.scorer}, {told.lang}, {len(told.truth)} labelled, J {youden(counts):.2f}, samples of {n}"
    yield ""
    yield "| true | plain: bias | error | 95 % holds | corrected: bias | error | 95 % holds |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    for planted in PLANTED:
        rng = np.random.default_rng([n, int(1000 * planted[0])])
        plain, fixed = halves(told, planted, n, rng)
        held, held_fixed = holds(told, planted, n, rng)
        yield (
            f"| {SIGNS @ np.array(planted):+.2f} | {plain.mean():+.3f} | {_error(plain):.3f} | {held:.0%} | "
            f"{np.nanmean(fixed):+.3f} | {_error(fixed):.3f} | {held_fixed:.0%} |"
        )
    yield ""


def _error(errors: Matrix) -> float:
    """Root mean square."""
    return float(np.sqrt(np.nanmean(errors**2)))


def write(found: Sequence[Told], path: Path) -> None:
    """Write the counts of the tone toward the place, which is published; older versions stay, as their mentions do."""
    now = {one.scorer: one for one in found if one.scorer.startswith("toward")}
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    kept = [row for row in rows if row[0] not in now]
    for one in now.values():
        counts = confusion(one.truth, one.answer)
        kept += [[one.scorer, one.lang, LABELS[t], LABELS[a], str(int(n))] for (t, a), n in np.ndenumerate(counts)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *sorted(kept)])


def part_of_the_page() -> Iterator[str]:
    """The words and the tables, line by line."""
    yield from (PREVALENCE, "")
    for told in gold(Sets()):
        for n in (100, 1000):
            yield from table(told, n)


def main() -> None:
    """Print the tables, or write the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--confusion", action="store_true", help="write sql/seeds/confusion.csv")
    args = parser.parse_args()
    if args.confusion:
        write(list(gold(Sets())), CONFUSION)
        return
    print(*part_of_the_page(), sep="\n")


if __name__ == "__main__":
    main()
