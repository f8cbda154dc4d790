"""Reads the labelled mentions that the tone toward a place is trained and measured on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import NamedTuple

from pipeline.score.toward.view import Place

ROOT = Path(__file__).resolve().parents[1]
POSTS = ROOT.parent / "shared" / "data" / "posts_fr_before_2020.jsonl.gz"
EXAMPLES = Path(__file__).with_name("toward_examples.tsv")
INVENTED = Path(__file__).with_name("toward_posts.tsv")
VOICES = Path(__file__).with_name("toward_voices.tsv")
GOLD = ROOT / "tests" / "score" / "toward_gold.tsv"
REAL = ROOT / "tests" / "score" / "toward_real.tsv"
# Taglines of the brands that the gold set writes in full.
OWN_WORDS = ("La Haute-Marne respire et inspire", "Je vois la vie en Vosges", "Just Dijon")


class Labelled(NamedTuple):
    """A mention with its tone, and where it comes from: examples, invented, voices, gold or real."""

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


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf8").splitlines() if not line.startswith("#")]


def _written(text: str, place: str, label: str, origin: str) -> Labelled:
    start = text.index(place)
    return Labelled(Place(text, start, start + len(place), OWN_WORDS), label, origin)
