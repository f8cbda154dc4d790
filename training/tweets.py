"""Reads the texts that the accurate scorer learns from, where they lie; nothing is copied into the project."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.score.sentiment.plain import plain

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Tweets:
    """Texts as the encoder reads them, with their labels: 0 negative, 1 neutral, 2 positive."""

    texts: tuple[str, ...]
    labels: npt.NDArray[np.int64]


def umsab(language: str, split: str) -> Tweets:
    """One split (`train` or `val`) of UMSAB in one language (`fr` or `en`)."""
    folder = SHARED / "sentiment" / f"umsab_{language}"
    # One text a line, and only "\n" ends a line: texts hold other separators.
    texts = (folder / f"{split}_text.txt").read_text("utf-8").removesuffix("\n").split("\n")
    labels = [int(line) for line in (folder / f"{split}_labels.txt").read_text("ascii").split()]
    if len(texts) != len(labels):
        raise SystemExit(f"{folder.name}/{split}: {len(texts)} texts for {len(labels)} labels")
    return Tweets(tuple(plain(text) for text in texts), np.array(labels))


def unlabelled() -> list[str]:
    """Real French posts without labels, distinct, in alphabetical order."""
    with gzip.open(SHARED / "posts_fr_before_2020.jsonl.gz", "rt", encoding="utf-8") as lines:
        return sorted({plain(json.loads(line)["text"]) for line in lines} - {""})


def rearranged(texts: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """New texts to ask a teacher about: the beginning of one followed by the end of another, or a part of one."""
    made = []
    for _ in range(count):
        first, second = chance.choice(texts).split(), chance.choice(texts).split()
        cut, other = chance.randint(0, len(first)), chance.randint(0, len(second))
        made.append(" ".join(first[:cut] + second[other:]) or " ".join(first))
    return made
