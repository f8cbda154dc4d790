"""Reads mentions: language, tone of the post, tone toward the territory; unknown is None."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Scores
from pipeline.score import brief, language, sentiment, toward
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
    gives None for label and toward, except where emoji are all that is said. Best called with thousands at once.
    """
    langs = _languages(asked)
    tones = sentiment.read([mask(one.text, one.own_words) for one in asked], langs, tier)
    places = [toward.Place(one.text, one.start, one.end, one.own_words, one.others) for one in asked]
    verdicts = toward.judge(places, langs, [tone.probabilities for tone in tones], tier)
    return [
        _signs(one) or Scores(None, None, None, None, None, tone.scorer)
        if lang is None
        else Scores(lang, tone.label, tone.score, verdict.label, verdict.score, _scorer(tone.scorer, verdict.scorer))
        for one, lang, tone, verdict in zip(asked, langs, tones, verdicts, strict=True)
    ]


def _scorer(tone: str, verdict: str | None) -> str:
    return tone if verdict is None else f"{tone}+{verdict}"


def _languages(asked: Sequence[Asked]) -> list[str | None]:
    """The language of each text: given, or identified once per distinct text, or told by its few words."""
    texts = list({one.text for one in asked if one.lang is None})
    known = dict(zip(texts, language.identify(texts), strict=True))
    return [one.lang or _brief(one, known[one.text]) for one in asked]


def _brief(one: Asked, told: str | None) -> str | None:
    """The language that the words beside the place speak; what letters told where they are many or speak none."""
    if told is not None and len(one.text) > brief.LONGEST:
        return told
    return brief.speaks(_outside(one)) or told


def _signs(one: Asked) -> Scores | None:
    """Scores of a text that is places and emoji; toward the place only where it is the one place named."""
    likely = brief.signs(_outside(one))
    if likely is None:
        return None
    tone = sentiment.toned(likely, f"{brief.NAME}/{brief.VERSION}")
    if one.others:
        return Scores(None, tone.label, tone.score, None, None, tone.scorer)
    return Scores(None, tone.label, tone.score, tone.label, tone.score, _scorer(tone.scorer, tone.scorer))


def _outside(one: Asked) -> str:
    return brief.outside(one.text, ((one.start, one.end), *one.others), one.own_words)
