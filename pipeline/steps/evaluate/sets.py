"""Where the gold sets lie and how their rows are read; a set that is not there is named, not guessed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[3]
LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Sets:
    """The folder of the project's tests and that of the shared data, either of which may be missing."""

    tests: Path = ROOT / "tests"
    shared: Path = ROOT.parent / "shared" / "data"


def rows(path: Path, columns: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Rows of a TSV by column; lines that start with # are prose. `columns` name them where the file does not."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    names = columns or tuple(lines.pop(0).split("\t"))
    return [dict(row) for row in csv.DictReader(lines, names, delimiter="\t", quoting=csv.QUOTE_NONE)]


def tweets(sets: Sets, lang: str, split: str = "val") -> tuple[list[str], list[str]]:
    """Texts and labels of a split (train or val) in one language. Raises FileNotFoundError where it is absent."""
    folder = sets.shared / "sentiment" / f"umsab_{lang}"
    texts = (folder / f"{split}_text.txt").read_text("utf-8").removesuffix("\n").split("\n")
    return texts, [LABELS[int(label)] for label in (folder / f"{split}_labels.txt").read_text("utf-8").split()]


class Named(msgspec.Struct, frozen=True):
    """A floor file by name of figure."""

    floors: dict[str, float]


class ByTag(msgspec.Struct, frozen=True):
    """The floor file of the image sets: half, then kind and tag, to precision and recall."""

    floors: dict[str, dict[str, tuple[float, float]]]


def floors(sets: Sets) -> dict[str, float]:
    """Every floor by the name of its figure, as "trial figure"."""
    return dict([*_places(sets.tests / "match" / "floors.json"), *_scores(sets.tests / "score")])


def _places(path: Path) -> Iterator[tuple[str, float]]:
    told = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, float]]) if path.is_file() else {}
    for trial, figures in told.items():
        yield from ((f"matching {trial} {figure}", figures[figure]) for figure in ("precision", "recall"))


def _scores(folder: Path) -> Iterator[tuple[str, float]]:
    shared, own, image = (folder / name for name in ("floors.json", "evaluate_floors.json", "image_floors.json"))
    if shared.is_file():
        told = msgspec.json.decode(shared.read_bytes(), type=Named).floors
        yield from ((figure, told[key]) for key, figure in _NAMED.items() if key in told)
    if own.is_file():
        yield from msgspec.json.decode(own.read_bytes(), type=Named).floors.items()
    if image.is_file():
        for half, figures in msgspec.json.decode(image.read_bytes(), type=ByTag).floors.items():
            for name, (precision, recall) in figures.items():
                yield f"image {half} {name} precision", precision
                yield f"image {half} {name} recall", recall


# Floors that other tests hold too, under the names that those tests gave them.
_NAMED = {
    "language_whole_post": "language tweets accuracy",
    "language_first_five_words": "language five-words accuracy",
    "language_gold": "language gold accuracy",
    "fast_fr_validation": "sentiment fr-fast macro-F1",
    "fast_en_validation": "sentiment en-fast macro-F1",
    "calibration_error_fr_at_most": "sentiment fr-fast calibration error at most",
    "calibration_error_en_at_most": "sentiment en-fast calibration error at most",
    "toward_gold_fast": "toward gold-fast macro-F1",
    "toward_gold_accurate": "toward gold-accurate macro-F1",
}
