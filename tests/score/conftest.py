from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def floors() -> dict[str, float]:
    """Figures that may only rise; what each is, stands in the file."""
    told: dict[str, float] = json.loads((HERE / "floors.json").read_text("utf8"))["floors"]
    return told


@pytest.fixture(scope="session")
def umsab() -> Callable[[str, str], tuple[list[str], list[int]]]:
    """Texts and labels (0 negative, 1 neutral, 2 positive) of one language and split."""

    def read(lang: str, split: str) -> tuple[list[str], list[int]]:
        folder = SHARED / "sentiment" / f"umsab_{lang}"
        if not folder.is_dir():
            pytest.skip(f"{folder.name} is not beside the project: it lies in ../shared/data/sentiment")
        texts = (folder / f"{split}_text.txt").read_text("utf8").rstrip("\n").split("\n")
        return texts, [int(label) for label in (folder / f"{split}_labels.txt").read_text().split()]

    return read


@pytest.fixture(scope="session")
def gold() -> list[list[str]]:
    """Phenomenon, toward, place, text of each written sentence."""
    lines = (HERE / "toward_gold.tsv").read_text("utf8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def macro_f1(told: list[int], labels: list[int]) -> float:
    """Mean F1 of the three classes."""
    scores = []
    for k in range(3):
        both = sum(a == b == k for a, b in zip(told, labels, strict=True))
        scores.append(2 * both / max(told.count(k) + labels.count(k), 1))
    return sum(scores) / 3
