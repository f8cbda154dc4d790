"""What a student of the accurate scorer learns: the teacher's and the fast scorer's opinions of many texts."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from pipeline.score.masking import mask
from pipeline.score.sentiment import en, fr, tiers
from pipeline.score.sentiment.plain import plain
from pipeline.score.toward.view import Place, spoken
from training import cuttings, fit, lessons, quality, tweets

TRUSTED = 0.5  # weight of a person's label against the teacher's opinion where both exist
TURNS = 2  # how often a tweet with a person's label is seen, while other texts are seen once
# Cuttings a language, real posts, and posts in which a place named is "CETTE VILLE", as the tone toward it is read.
CUTTINGS, POSTS, PLACES = 9000, 7000, 6000
CHOSEN_FROM = 12_000  # posts the teacher is asked about, to choose as many of each tone
INHABITANTS = 4000  # of the communes looked for in posts


class Asked(NamedTuple):
    """Texts of one kind, as the encoder reads them, and their language."""

    texts: list[str]
    language: str


@cache
def asked() -> list[Asked]:
    """What the teacher is asked about: per language tweets with labels and their cuttings; posts; places in posts."""
    chance = random.Random(0)
    kinds = []
    for language in tweets.LANGUAGES:
        texts = tweets.umsab(language, "train").texts
        made = sorted({one.text for one in cuttings.cut(texts, chance)} - {""})
        kinds += [Asked(list(texts), language), Asked(chance.sample(made, CUTTINGS), language)]
    posts = tweets.unlabelled()
    places = sorted({plain(spoken(place)) for place in _named(posts)})
    return [*kinds, Asked(chance.sample(posts, CHOSEN_FROM), "fr"), Asked(chance.sample(places, PLACES), "fr")]


def _named(posts: Sequence[str]) -> Iterator[Place]:
    """A place that each post names, by chance where it names several."""
    chance = random.Random(1)
    names = sorted(_names(), key=len, reverse=True)
    named = re.compile(rf"(?<![\w@-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    for text in posts:
        if found := [one.span() for one in named.finditer(text)]:
            yield Place(text, *chance.choice(found))


def _names() -> set[str]:
    with (tweets.SHARED / "gazetteer_fr.tsv").open(encoding="utf-8") as lines:
        return {
            row["name"]
            for row in csv.DictReader(lines, delimiter="\t")
            if row["level"] in ("region", "departement") or int(row["population"] or 0) >= INHABITANTS
        }


def opinions(scores: fit.Numbers) -> fit.Numbers:
    """The teacher's `scores` (n, 3) of all that is asked, together with the fast scorers as `tiers` hears both."""
    alone = np.array([told for kind in asked() for told in _fast(kind)], np.float32)
    both = quality.chances(scores) ** (1 - tiers.HEARD) * alone**tiers.HEARD
    return np.asarray(both / both.sum(axis=1, keepdims=True), np.float32)


def _fast(kind: Asked) -> list[tiers.Probabilities]:
    scorer = en if kind.language == "en" else fr
    return scorer.tones([mask(text, ()) for text in kind.texts])


def lesson(tokenizer: Tokenizer, scores: fit.Numbers, means: fit.Numbers) -> fit.Lesson:
    """All texts a student sees, the answers wanted, and the teacher's means to resemble."""
    told, ends = opinions(scores), np.cumsum([len(kind.texts) for kind in asked()])
    rows = np.split(np.arange(len(told)), ends[:-1])
    tweeted = np.concatenate([rows[0], rows[2]])
    told[tweeted] = TRUSTED * lessons.labelled()[1] + (1 - TRUSTED) * told[tweeted]
    posts = _balanced(rows[4], told[rows[4]])
    seen = np.concatenate([*[tweeted] * TURNS, rows[1], rows[3], posts, rows[5]])
    texts = [text for kind in asked() for text in kind.texts]
    return fit.Lesson(lessons.pieces(tokenizer, [texts[at] for at in seen]), told[seen], means[seen])


def _balanced(rows: np.ndarray, told: fit.Numbers) -> np.ndarray:
    """Posts drawn so that the three tones are about as frequent: politicians are glad, others are not."""
    odds = (told / told.mean(axis=0)).sum(axis=1)
    return np.random.default_rng(5).choice(rows, POSTS, replace=False, p=odds / odds.sum())
