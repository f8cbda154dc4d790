"""Language and tone of posts, put to the test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.score import language, sentiment
from pipeline.score.masking import mask
from pipeline.score.sentiment import tiers
from pipeline.steps.evaluate.figures import Answer, Trial, calibration, macro_f1, share
from pipeline.steps.evaluate.sets import LABELS, Sets, rows, tweets

SPOKEN = ("fr", "en")
# Points of the cascade's curve: never asked, the cascade's and the accurate tier's own among them, always asked.
THRESHOLDS = (0.0, 0.5, 0.55, tiers.SURE["cascade"], tiers.SURE["accurate"], 0.8, 0.9, 1.01)
# And of the accurate tier's other threshold: how likely the first layers' choice must be to be enough.
ENOUGH = (0.0, 0.45, tiers.ENOUGH["cascade"], tiers.ENOUGH["accurate"], 0.6)
_ADDRESS = re.compile(r"https?\S*|@\w+|&\w+;|\bRT\b|#")  # no words of a language: not counted among the five


def languages(sets: Sets) -> Iterator[Trial | str]:
    """Our own sentences in other and mixed languages; whole tweets, and their first five words."""
    gold = sets.tests / "score" / "language_gold.tsv"
    if gold.is_file():
        told = rows(gold, ("lang", "text"))
        yield _language("gold", [row["text"] for row in told], [row["lang"].removeprefix("mixed:") for row in told])
    else:
        yield f"language gold ({gold})"
    try:
        given = [(text, lang) for lang in SPOKEN for split in ("train", "val") for text in tweets(sets, lang, split)[0]]
    except FileNotFoundError as absent:
        yield f"language tweets ({absent.filename})"
        return
    wanted = [lang for _, lang in given]
    yield _language("tweets", [text for text, _ in given], wanted)
    yield _language("five-words", [" ".join(_ADDRESS.sub(" ", text).split()[:5]) for text, _ in given], wanted)


def _language(name: str, texts: Sequence[str], wanted: Sequence[str]) -> Trial:
    found = [lang or "none" for lang in language.identify(texts)]
    answers = tuple(Answer(*one) for one in zip(texts, wanted, found, strict=True))
    right = sum(one.wanted == one.told for one in answers)
    return Trial(f"language {name}", (share(f"language {name}", "accuracy", right, len(answers)),), answers)


def sentiments(sets: Sets) -> Iterator[Trial | str]:
    """Each language's validation split by each tier."""
    for lang in SPOKEN:
        try:
            texts, wanted = tweets(sets, lang)
        except FileNotFoundError as absent:
            yield f"sentiment {lang} ({absent.filename})"
            continue
        for tier in ("fast", "accurate", "cascade"):
            if tier != "fast" and tiers.accurate() is None:
                yield f"sentiment {lang}-{tier} (the accurate model is not installed)"
                continue
            yield tone(f"sentiment {lang}-{tier}", texts, wanted, lang, tier)


def tone(name: str, texts: Sequence[str], wanted: Sequence[str], lang: str, tier: str) -> Trial:
    """Texts of one language and their labels by one tier."""
    read = sentiment.read([mask(text, ()) for text in texts], [lang] * len(texts), tier)
    answers = _answers(texts, wanted, lang, read)
    right = [one.wanted == one.told for one in answers]
    likely = [tone.probabilities or tiers.NEUTRAL for tone in read]
    return Trial(name, (macro_f1(name, answers, LABELS), calibration(name, likely, right)), answers)


def _answers(texts: Sequence[str], wanted: Sequence[str], lang: str, read: Sequence[tiers.Tone]) -> tuple[Answer, ...]:
    return tuple(
        Answer(text, label, tone.label or "neutral", f"{tone.scorer} {tone.score}", lang)
        for text, label, tone in zip(texts, wanted, read, strict=True)
    )


def curves(sets: Sets) -> Iterator[Trial | str]:
    """What asking the encoder about more of the texts is worth, by language: macro-F1 by how sure the fast one must be.

    Each figure is named by the threshold and the share of the texts that are asked about, which is the cost.
    """
    for lang in SPOKEN:
        try:
            texts, wanted = tweets(sets, lang)
        except FileNotFoundError as absent:
            yield f"cascade {lang} ({absent.filename})"
            continue
        if tiers.accurate() is None:
            yield f"cascade {lang} (the accurate model is not installed)"
            continue
        yield _curve(f"cascade {lang}", texts, wanted, lang)


def _curve(name: str, texts: list[str], wanted: Sequence[str], lang: str) -> Trial:
    masked = [mask(text, ()) for text in texts]
    fast, early, both = (tiers.doubting(masked, lang, *limits) for limits in ((0.0,), (1.01, 0.0), (1.01,)))
    points = [(doubt, tiers.NEVER) for doubt in THRESHOLDS] + [(tiers.SURE["accurate"], enough) for enough in ENOUGH]
    figures = []
    for doubt, enough in points:
        asked = [tiers.likeliest(tone) < doubt for tone in fast]
        whole = [a and tiers.likeliest(tone) < enough for a, tone in zip(asked, early, strict=True)]
        choices = zip(fast, early, both, asked, whole, strict=True)
        mixed = [(b if w else e) if a else f for f, e, b, a, w in choices]
        figure = macro_f1(name, _answers(texts, wanted, lang, mixed), LABELS)
        shares = f"below {doubt:.2f}, {sum(asked) / len(texts):.0%} asked"
        if enough != tiers.NEVER:
            shares += f", enough {enough:.2f}, {sum(whole) / len(texts):.0%} to the end"
        figures.append(replace(figure, name=f"{shares}, macro-F1"))
    return Trial(name, tuple(figures), ())
