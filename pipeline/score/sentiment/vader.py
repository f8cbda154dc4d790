"""vaderSentiment with the scores it always had, in linear time: the original takes 23 s for 5,000 emoji."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, Protocol, cast

from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText

# Bounds on what one post may cost; no ordinary post reaches them, and below them scores equal the original's.
READ = 4000  # characters
MOST = 1000  # words, emoji written out

# The original looks at most 3 words back and 2 ahead of a word, but copies the whole list to do so.
BACK, AHEAD = 3, 2


class Polarity(NamedTuple):
    """Shares of negative, neutral and positive, and the sum squeezed into [-1, 1]."""

    negative: float
    neutral: float
    positive: float
    compound: float


class _Near(NamedTuple):
    """The words around one word, in the shape that the original reads."""

    words_and_emoticons: list[str]
    is_cap_diff: bool


class Analyzer(Protocol):
    """The parts of the original that are asked."""

    lexicon: dict[str, float]
    emojis: dict[str, str]

    def sentiment_valence(self, valence: float, sentitext: _Near, item: str, i: int, sentiments: list[float]) -> object:
        """Append the valence of word `i` to `sentiments`."""

    def score_valence(self, sentiments: list[float], text: str) -> dict[str, float]:
        """Sum up."""

    def _but_check(self, words_and_emoticons: list[str], sentiments: list[float]) -> list[float]: ...


@cache
def analyzer() -> Analyzer:
    """The original's analyzer, its lexicon read once per process."""
    return cast(Analyzer, SentimentIntensityAnalyzer())


def polarity(text: str) -> Polarity:
    """The original's `polarity_scores` of the first READ characters and MOST words."""
    engine = analyzer()
    text = _written_out(text[:READ], engine.emojis).strip()
    cut = SentiText(text)
    words = cut.words_and_emoticons[:MOST]
    valences: list[float] = []
    for i, word in enumerate(words):
        _append(engine, words, cut.is_cap_diff, word, i, valences)
    scores = engine.score_valence(engine._but_check(words, valences), text)
    return Polarity(scores["neg"], scores["neu"], scores["pos"], scores["compound"])


def _append(engine: Analyzer, words: list[str], is_cap_diff: bool, word: str, i: int, valences: list[float]) -> None:
    """Append the valence of word `i`, asking the original with no more words than it looks at."""
    lower = word.lower()
    is_kind_of = lower == "kind" and i < len(words) - 1 and words[i + 1].lower() == "of"
    if lower not in engine.lexicon or lower in BOOSTER_DICT or is_kind_of:
        valences.append(0)
        return
    start = max(0, i - BACK)
    near = _Near(words[start : i + AHEAD + 1], is_cap_diff)
    engine.sentiment_valence(0, near, word, i - start, valences)


def _written_out(text: str, emojis: dict[str, str]) -> str:
    """Emoji replaced by their English description, with the original's spacing."""
    if text.isascii():
        return text
    parts: list[str] = []
    after_space = True
    for letter in text:
        described = emojis.get(letter)
        if described is None:
            parts.append(letter)
            after_space = letter == " "
        else:
            parts.append(described if after_space else " " + described)
            after_space = False
    return "".join(parts)
