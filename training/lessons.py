"""What teachers of the accurate scorer are given to learn, as pieces and wanted answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from training import encoder, fit, tweets

SMOOTHED = 0.1  # share of a person's label given to all three tones alike


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
