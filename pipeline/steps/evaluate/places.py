"""Matching put to the test: is a sentence about the territory that an ambiguous name could mean?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline import gazetteer, match
from pipeline.match import Matcher
from pipeline.model import Brand
from pipeline.steps.evaluate.figures import Answer, Trial, precision_and_recall
from pipeline.steps.evaluate.sets import Sets, rows

LARGE = 20_000  # inhabitants: the cities of the national catalogue
# INSEE codes of the ambiguous names of the sets.
CODES = {
    "Dijon": "21231", "Vosges": "88", "la Manche": "50", "Vienne": "86", "Haute-Marne": "52", "Périgueux": "24322",
    "Troyes": "10387", "Lille": "59350", "Bourges": "18033", "Lens": "62498", "Nancy": "54395", "Tours": "37261",
}  # fmt: skip


def trials(sets: Sets) -> Iterator[Trial | str]:
    """The halves of our own sets, two hardest names, and the labelled real sentences; the name of an absent one."""
    matcher = _national()
    folder, dev = sets.tests / "match", sets.shared / "place_mentions_dev.tsv"
    for name, prefix in (("gold", ""), ("fresh", "fresh ")):
        path = folder / f"{name}.tsv"
        if not path.is_file():
            yield f"matching {name} ({path})"
            continue
        told = _answers(matcher, path)
        for half in ("tune", "eval"):
            yield _trial(prefix + half, [(own, answer) for own, answer in told if own == half])
        for hard in ("la Manche", "Vienne") if not prefix else ():
            yield _trial(hard, [(own, answer) for own, answer in told if answer.about == hard])
    yield _trial("dev", _answers(matcher, dev)) if dev.is_file() else f"matching dev ({dev})"


def _answers(matcher: Matcher, path: Path) -> list[tuple[str, Answer]]:
    """The half that each row belongs to ("" where there are none) and the answer to it."""
    known = [row for row in rows(path) if row["name"] in CODES]
    return [(row.get("half", ""), _answer(matcher, row)) for row in known]


def _answer(matcher: Matcher, row: dict[str, str]) -> Answer:
    mine = [one for one in matcher.mentions(row["text"]) if one.territory == CODES[row["name"]]]
    accepted = next((one for one in mine if one.accepted), None)
    one = accepted or next(iter(mine), None)
    why = f"{one.rule}: {one.evidence}" if one else "not found"
    wanted = "territory" if row["label"] == "territory" else "other"
    return Answer(row["text"], wanted, "territory" if accepted else "other", why, row["name"])


def _trial(name: str, told_by_half: Sequence[tuple[str, Answer]]) -> Trial:
    """Figures over all; the half "eval" is counted but not shown, or its errors would soon be tuned away."""
    answers = [answer for _, answer in told_by_half]
    wanted = sum(one.wanted == "territory" for one in answers)
    told = sum(one.told == "territory" for one in answers)
    right = sum(one.told == one.wanted == "territory" for one in answers)
    trial = f"matching {name}"
    shown = tuple(answer for half, answer in told_by_half if half != "eval")
    return Trial(trial, precision_and_recall(trial, right, told, wanted), shown)


def _national() -> Matcher:
    """Every département and large city as a brand without a file: what the rules do alone."""
    chosen = [
        Brand(one.code, one.name, one.name, one.code, one.level, places=(one.name,))
        for one in gazetteer.places()
        if one.level == "departement" or (one.level == "commune" and (one.population or 0) > LARGE)
    ]
    return match.compile_catalogue(chosen)
