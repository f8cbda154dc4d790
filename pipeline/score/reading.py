"""Reads mentions: language, tone of the post, tone toward the territory; unknown is None."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Scores
from pipeline.score import language, sentiment, toward
from pipeline.score.masking import mask


@dataclass(frozen=True, slots=True)
class Asked:
    """One mention to read: the post's text, where the territory stands in it, the brand's own words.

    `start` and `end` are character offsets of the mention; `others` those of other places named in the text;
    `lang` is a language already identified by us, None to have it identified.
    """

    text: str
    start: int
    end: int
    own_words: tuple[str, ...]
    lang: str | None = None
    others: tuple[tuple[int, int], ...] = ()


def read(asked: Sequence[Asked], tier: str) -> list[Scores]:
    """Scores of each mention, in order, by `tier`: accurate, fast or cascade (ValueError for another name).

    Without the accurate model the fast one answers, and `Scores.scorer` says so. A language that we do not score
    gives None for label and toward. Best called with thousands of mentions at once.
    """
    langs = _languages(asked)
    tones = sentiment.read([mask(one.text, one.own_words) for one in asked], langs, tier)
    places = [toward.Place(one.text, one.start, one.end, one.own_words, one.others) for one in asked]
    verdicts = toward.judge(places, langs, [tone.probabilities for tone in tones], tier)
    return [
        Scores(lang, tone.label, tone.score, verdict.label, verdict.score, _scorer(tone.scorer, verdict.scorer))
        for lang, tone, verdict in zip(langs, tones, verdicts, strict=True)
    ]


def _scorer(tone: str, verdict: str | None) -> str:
    return tone if verdict is None else f"{tone}+{verdict}"


def _languages(asked: Sequence[Asked]) -> list[str | None]:
    """The language of each text: given, or identified once per distinct text."""
    texts = list({one.text for one in asked if one.lang is None})
    known = dict(zip(texts, language.identify(texts), strict=True))
    return [one.lang or known[one.text] for one in asked]
