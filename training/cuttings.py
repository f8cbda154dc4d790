"""Texts of the domain without labels, made out of those with labels, for the accurate scorer to teach the fast ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Of ten cuttings of a text: four are a stretch of it, three leave words out, three end as another text does. Words then
# stand alone, without those that told the encoder's answer before, which is what a linear model must learn.
STRETCHES, THINNED, JOINED = 4, 3, 3
EACH = STRETCHES + THINNED + JOINED
STRETCH = (0.35, 0.8)  # share of the words that a stretch keeps
LEFT_OUT = 0.2  # of the words of a thinned text


class Cutting(NamedTuple):
    """A made text and the places of the one or two texts that it was made of."""

    text: str
    parents: tuple[int, int]


def cut(texts: Sequence[str], chance: random.Random) -> list[Cutting]:
    """EACH cuttings of each text, fewer where nothing is left of it."""
    split = [text.split() for text in texts]
    return [one for at in range(len(texts)) for one in _of(at, split, chance) if one.text]


def _of(at: int, split: Sequence[list[str]], chance: random.Random) -> Iterator[Cutting]:
    words = split[at]
    for _ in range(STRETCHES):
        long = max(3, int(len(words) * chance.uniform(*STRETCH)))
        start = chance.randrange(max(1, len(words) - long + 1))
        yield Cutting(" ".join(words[start : start + long]), (at, at))
    for _ in range(THINNED):
        yield Cutting(" ".join(word for word in words if chance.random() > LEFT_OUT), (at, at))
    for _ in range(JOINED):
        other = chance.randrange(len(split))
        end = split[other][len(split[other]) // 2 :]
        yield Cutting(" ".join(words[: max(2, len(words) // 2)] + end), (at, other))
