"""Sums the evidence on one occurrence and says which sense it has."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.match.case import Case, Evidence
from pipeline.match.evidence import gather

# How much of the evidence a mention keeps: enough to see why, short enough for a table's cell.
_KEPT = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one occurrence means: `score` is in log-odds of being the territory, accepted above 0."""

    sense: str
    accepted: bool
    rule: str
    score: float
    evidence: tuple[Evidence, ...]

    def told(self) -> str:
        """The evidence in one line, the heaviest first: "administration +4.0 (maire de Lens); sport -1.5 (match)"."""
        heaviest = sorted(self.evidence, key=lambda e: -abs(e.weight))[:_KEPT]
        return "; ".join(
            f"{e.rule} {e.weight:+.1f} ({e.said})" if e.said else f"{e.rule} {e.weight:+.1f}" for e in heaviest
        )


def judge(case: Case, author_place: str | None = None) -> Verdict:
    """The sense of one occurrence. Spam is refused whatever it names."""
    if case.scene.spam:
        return Verdict("spam", False, "spam", -9.0, (Evidence("spam", "spam", -9.0, case.scene.spam),))
    evidence = gather(case, author_place)
    score = sum(one.weight for one in evidence)
    side = [one for one in evidence if (one.weight > 0) == (score > 0)]
    heaviest = max(side, key=lambda one: abs(one.weight), default=Evidence("name", "word", 0.0, case.written()))
    if score > 0:
        return Verdict("territory", True, heaviest.rule, score, evidence)
    return Verdict(_refused(side), False, heaviest.rule, score, evidence)


def _refused(against: list[Evidence]) -> str:
    """The sense that weighs most among those that are not the territory."""
    weights: dict[str, float] = {}
    for one in against:
        if one.sense != "territory":
            weights[one.sense] = weights.get(one.sense, 0.0) + one.weight
    return min(weights, key=lambda sense: weights[sense], default="word")
