"""What teachers and students of the accurate scorer are given to learn, as pieces and wanted answers."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from training import encoder, fit, quality, tweets

SMOOTHED = 0.1  # share of a person's label given to all three tones alike
TRUSTED = 0.5  # weight of the person's label against the teachers' where both exist
# Texts without labels that students see. English has no posts without labels: its tweets are cut and joined anew.
FRENCH_POSTS, FRENCH_REMADE, ENGLISH_REMADE = 3500, 500, 2000


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


def to_study() -> list[str]:
    """What students are asked about: the training tweets first, then texts without labels."""
    chance = random.Random(0)
    french, english = (tweets.umsab(language, "train").texts for language in tweets.LANGUAGES)
    return [
        *french,
        *english,
        *chance.sample(tweets.unlabelled(), FRENCH_POSTS),
        *tweets.rearranged(french, FRENCH_REMADE, chance),
        *tweets.rearranged(english, ENGLISH_REMADE, chance),
    ]


def studying(tokenizer: Tokenizer, opinions: Sequence[fit.Numbers], means: fit.Numbers) -> fit.Lesson:
    """What a student learns: its teachers' mean opinion (n, 3) of every text, and the last teacher's `means`."""
    answers = np.mean([quality.chances(scores) for scores in opinions], axis=0, dtype=np.float32)
    _, wanted = labelled()
    answers[: len(wanted)] = TRUSTED * wanted + (1 - TRUSTED) * answers[: len(wanted)]
    return fit.Lesson(pieces(tokenizer, to_study()), answers, means)
