"""The counts that the correction rests on are those of the scorers of today."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import prevalence
from pipeline.score.sentiment import tiers
from pipeline.score.toward import NAME, VERSION
from pipeline.steps.evaluate import Sets
from pipeline.warehouse import seeds

CURE = "run: python -m benchmarks.prevalence --confusion"
TIERS = ("fast", "accurate")
# Answers of 159 that may differ from those counted. The encoder adds in 16 bits on processors without VNNI: between
# such a one and one with VNNI, version 4 differed in three.
ROUNDED = {f"{NAME}-fast": 0, f"{NAME}-accurate": 6}


def counts(scorer: str) -> Counter[tuple[str, str]]:
    """(truth, told) -> answers, as sql/seeds/confusion.csv holds them."""
    rows = [row for row in seeds.figures()["confusion"] if row["scorer"] == scorer]
    return Counter({(str(r["truth"]), str(r["told"])): int(str(r["answer_count"])) for r in rows})


@pytest.mark.parametrize("tier", TIERS)
def test_the_scorers_of_today_are_measured(tier: str) -> None:
    assert counts(f"{NAME}-{tier}/{VERSION}").total() > 100, CURE


def test_the_counts_are_those_of_the_gold_set() -> None:
    found = {told.scorer: told for told in prevalence.toward(Sets())}
    assert set(found) == {f"{NAME}-{t}/{VERSION}" for t in (TIERS if tiers.accurate() else TIERS[:1])}
    for scorer, told in found.items():
        table = prevalence.confusion(told.truth, told.answer)
        labels = prevalence.LABELS
        measured = {(a, b): int(table[i, j]) for i, a in enumerate(labels) for j, b in enumerate(labels)}
        otherwise = (counts(scorer) - Counter(measured)).total()
        assert sum(measured.values()) == counts(scorer).total() and otherwise <= ROUNDED[scorer.split("/")[0]], CURE


def test_the_correction_undoes_known_confusions() -> None:
    # Of 100 negative, 200 neutral and 700 positive mentions, told as the matrix says.
    matrix = prevalence.np.array([[800.0, 100.0, 100.0], [100.0, 850.0, 50.0], [50.0, 150.0, 800.0]])
    told = prevalence.np.array([0.1, 0.2, 0.7]) @ matrix
    found = prevalence.corrected(matrix, told)
    assert found is not None
    assert found[0] == pytest.approx(0.6)
    blind = prevalence.np.array([[40.0, 30.0, 30.0], [30.0, 40.0, 30.0], [30.0, 30.0, 40.0]])
    assert prevalence.corrected(blind, told) is None, "below the noise of the classifier"
