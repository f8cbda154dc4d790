"""Reads the labelled mentions that the tone toward a place is trained and measured on."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.score.toward.view import Place

ROOT = Path(__file__).resolve().parents[1]
POSTS = ROOT.parent / "shared" / "data" / "posts_fr_before_2020.jsonl.gz"
EXAMPLES = Path(__file__).with_name("toward_examples.tsv")
INVENTED = Path(__file__).with_name("toward_posts.tsv")
VOICES = Path(__file__).with_name("toward_voices.tsv")
PAIRS = Path(__file__).with_name("toward_pairs.tsv")
GOLD = ROOT / "tests" / "score" / "toward_gold.tsv"
TWO_PLACES = ROOT / "tests" / "score" / "toward_two_places.tsv"
REAL = ROOT / "tests" / "score" / "toward_real.tsv"
# Taglines of the brands that the gold set writes in full.
OWN_WORDS = ("La Haute-Marne respire et inspire", "Je vois la vie en Vosges", "Just Dijon")


class Labelled(NamedTuple):
    """A mention with its tone, and where it comes from: examples, invented, voices, pairs, gold, two or real."""

    place: Place
    label: str
    origin: str


def examples() -> list[Labelled]:
    """Sentences written to train from."""
    return [_written(text, place, label, "examples") for label, place, text in _lines(EXAMPLES)]


def invented() -> list[Labelled]:
    """Posts invented in the manner of real ones, for blame of a place is rare among these."""
    return [_written(text, place, label, "invented") for label, place, text in _lines(INVENTED)]


def voices() -> list[Labelled]:
    """Posts invented in other voices than those of the real ones: those of people, of the press, of mockers."""
    return [_written(text, place, label, "voices") for label, place, text in _lines(VOICES)]


def pairs() -> list[Labelled]:
    """Invented posts that name two places, each judged by itself; in every other post matching found both."""
    found = []
    for row, (first, one, second, other, text) in enumerate(_lines(PAIRS)):
        both = [_written(text, one, first, "pairs"), _written(text, other, second, "pairs")]
        spans = [(each.place.start, each.place.end) for each in both]
        if row % 2:
            both = [
                each._replace(place=replace(each.place, others=(span,)))
                for each, span in zip(both, spans[::-1], strict=True)
            ]
        found += both
    return found


def two_places() -> list[Labelled]:
    """Posts in which two places are judged at once, for measuring only."""
    return [_written(text, place, label, "two") for label, place, text in _lines(TWO_PLACES)]


def gold() -> tuple[list[Labelled], list[Labelled]]:
    """The gold set's two halves: odd lines to train from, even lines kept for measuring."""
    every = [_written(text, place, label, "gold") for _, label, place, text in _lines(GOLD)]
    return every[::2], every[1::2]


def real() -> list[Labelled]:
    """Labelled real posts, their texts read where they lie."""
    rows = _lines(REAL)
    wanted = {row[0] for row in rows}
    with gzip.open(POSTS, "rt", encoding="utf8") as lines:
        posts = (json.loads(line) for line in lines)
        texts = {post["post_id"]: post["text"] for post in posts if post["post_id"] in wanted}
    return [Labelled(Place(texts[i], int(a), int(b)), label, "real") for i, a, b, label, _ in rows]


def half(posts: Sequence[Labelled]) -> npt.NDArray[np.int64]:
    """Which half of the real posts, 0 or 1, each of them falls into; those of one text into the same."""
    texts = {text: i for i, text in enumerate(dict.fromkeys(one.place.text for one in posts))}
    deal = np.random.default_rng(0).permutation(len(texts)) % 2
    return deal[[texts[one.place.text] for one in posts]]


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf8").splitlines() if not line.startswith("#")]


def _written(text: str, place: str, label: str, origin: str) -> Labelled:
    start = text.index(place)
    return Labelled(Place(text, start, start + len(place), OWN_WORDS), label, origin)
