"""What teachers and students of the accurate scorer are given to learn, as pieces and wanted answers."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from pipeline.score.sentiment.plain import plain
from pipeline.score.toward import heads
from pipeline.score.toward.view import spoken
from training import encoder, fit, mentions, quality, rated, tweets

SMOOTHED = 0.1  # share of a person's label given to all three tones alike
TRUSTED = 0.5  # weight of the person's label against the teacher's where both exist
# Texts without labels that students see. English has few posts without labels: its tweets are cut and joined anew.
FRENCH_REMADE, ENGLISH_REMADE, FRENCH_POSTS = 2500, 2000, 4000
CHOSEN_FROM = 14_000  # posts a teacher is asked about, to choose as many of each tone
# Real posts of one text in so many tenths are kept from the encoder, so that the tone toward places can be measured.
KEPT_OUT = 3
JUDGES = 3.0  # weight of a mention that praises or blames: they are few


class Toward(NamedTuple):
    """Mentions as pieces of the text in which the place is "CETTE VILLE", the label's number, its weight."""

    pieces: fit.Pieces
    labels: npt.NDArray[np.int64]
    weights: fit.Numbers


def pieces(tokenizer: Tokenizer, texts: Sequence[str], before: str = "") -> list[list[int]]:
    """Each text's piece numbers, cut to what the encoder has positions for."""
    found = tokenizer.encode_batch([before + text for text in texts])
    return [one.ids[: encoder.LONGEST] for one in found]


def labelled() -> tuple[list[str], fit.Numbers]:
    """Training tweets of both languages and their smoothed labels (n, 3)."""
    both = [tweets.umsab(language, "train") for language in tweets.LANGUAGES]
    labels = np.concatenate([each.labels for each in both])
    wanted = np.full((len(labels), 3), SMOOTHED / 3, np.float32)
    wanted[np.arange(len(labels)), labels] += 1 - SMOOTHED
    return [text for each in both for text in each.texts], wanted


def teaching(tokenizer: Tokenizer, before: str) -> fit.Lesson:
    """What a teacher learns: people's labels."""
    texts, wanted = labelled()
    return fit.Lesson(pieces(tokenizer, texts, before), wanted)


def to_study() -> list[list[str]]:
    """What a teacher is asked about, by kind: tweets with labels, each rated domain, tweets remade, posts."""
    chance = random.Random(0)
    french, english = (tweets.umsab(language, "train").texts for language in tweets.LANGUAGES)
    remade = [
        tweets.rearranged(french, FRENCH_REMADE, chance),
        tweets.rearranged(english, ENGLISH_REMADE, chance),
    ]
    posts = chance.sample(tweets.unlabelled(), CHOSEN_FROM)
    return [labelled()[0], *(domain.texts for domain in rated.rated()), *remade, posts]


def studying(tokenizer: Tokenizer, scores: fit.Numbers, means: fit.Numbers) -> fit.Lesson:
    """What a student learns of tones: the teacher's opinion corrected by people's labels and ratings, and its means."""
    kinds = to_study()
    opinions = np.split(quality.chances(scores), np.cumsum([len(texts) for texts in kinds])[:-1])
    places = np.split(np.arange(len(scores)), np.cumsum([len(texts) for texts in kinds])[:-1])
    _, wanted = labelled()
    opinions[0] = TRUSTED * wanted + (1 - TRUSTED) * opinions[0]
    chance = np.random.default_rng(5)
    taken = [places[0], places[0]]  # people's own labels are seen twice
    for at, (domain, most) in enumerate(zip(rated.rated(), rated.DOMAINS.values(), strict=True), 1):
        opinions[at] = rated.told(opinions[at], domain.ratings)
        taken.append(chance.permutation(places[at])[:most])
    taken += [*places[-3:-1], _balanced(places[-1], opinions[-1], chance)]
    rows = np.concatenate(taken)
    texts = [text for kind in kinds for text in kind]
    return fit.Lesson(pieces(tokenizer, [texts[at] for at in rows]), np.concatenate(opinions)[rows], means[rows])


def _balanced(places: npt.NDArray[np.int64], opinions: fit.Numbers, chance: np.random.Generator) -> np.ndarray:
    """Posts drawn so that the three tones are about as frequent: politicians are glad, others are not."""
    odds = (opinions / opinions.mean(axis=0)).sum(axis=1)
    return chance.choice(places, FRENCH_POSTS, replace=False, p=odds / odds.sum())


def toward(tokenizer: Tokenizer) -> Toward:
    """Mentions to learn the tone toward a place from, without those kept out for measuring."""
    learnt = [*mentions.examples(), *mentions.gold()[0], *mentions.real()]
    seen = [one for one in learnt if not kept_out(one)]
    judges = np.array([JUDGES if one.label in ("negative", "positive") else 1.0 for one in seen], np.float32)
    labels = np.array([heads.LABELS.index(one.label) for one in seen])  # type: ignore[arg-type]
    return Toward(pieces(tokenizer, [plain(spoken(one.place)) for one in seen]), labels, judges)


def kept_out(one: mentions.Labelled) -> bool:
    """Whether no encoder has learnt from this mention: real posts whose text's MD5 falls under KEPT_OUT tenths."""
    tenth = int(hashlib.md5(one.place.text.encode(), usedforsecurity=False).hexdigest(), 16) % 10
    return one.origin == "real" and tenth < KEPT_OUT
