"""Themes, audiences, emotions and senses put to the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.score import image
from pipeline.steps.evaluate.figures import Answer, Figure, Trial, precision_and_recall
from pipeline.steps.evaluate.sets import Sets, rows

Case = tuple[dict[str, str], image.Image | None]


def trials(sets: Sets) -> Iterator[Trial | str]:
    """Both halves of our own sentences; "held" was written before the word lists and is not browsed for errors."""
    gold = sets.tests / "score" / "image_gold.tsv"
    if not gold.is_file():
        yield f"image gold ({gold})"
        return
    every = rows(gold)
    for half in ("held", "tune"):
        mine = [row for row in every if row["half"] == half]
        found = image.read([row["text"] for row in mine], [row["lang"] for row in mine])
        yield _trial(half, list(zip(mine, found, strict=True)))


def _trial(half: str, cases: Sequence[Case]) -> Trial:
    figures: list[Figure] = []
    for kind in image.KINDS:
        figures += _figures(f"image {half} {kind}", [(_wanted(row, kind), _told(seen, kind)) for row, seen in cases])
        for tag in image.tags(kind):
            both = [(_wanted(row, kind) & {tag}, _told(seen, kind) & {tag}) for row, seen in cases]
            figures += _figures(f"image {half} {kind} {tag}", both)
    answers = [_answer(row, seen, kind) for row, seen in cases for kind in image.KINDS] if half != "held" else []
    return Trial(f"image {half}", tuple(figures), tuple(answers))


def _figures(name: str, cases: Sequence[tuple[set[str], set[str]]]) -> tuple[Figure, Figure]:
    right = sum(len(wanted & told) for wanted, told in cases)
    told_count = sum(len(told) for _, told in cases)
    return precision_and_recall(name, right, told_count, sum(len(wanted) for wanted, _ in cases))


def _answer(row: dict[str, str], seen: image.Image | None, kind: str) -> Answer:
    said = [one for one in image.evidence(row["text"], row["lang"]) if one.told.kind == kind]
    why = ", ".join(f"{one.words} → {one.told.tag}" for one in said)
    wanted, told = (" ".join(sorted(tags)) for tags in (_wanted(row, kind), _told(seen, kind)))
    return Answer(row["text"], wanted, told, why, kind)


def _wanted(row: dict[str, str], kind: str) -> set[str]:
    return set(row[kind].split())


def _told(seen: image.Image | None, kind: str) -> set[str]:
    return set(getattr(seen, kind)) if seen else set()
