"""Language, tone, and tone toward the place, put to the test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from pipeline import score
from pipeline.score import language, sentiment
from pipeline.score.masking import mask
from pipeline.score.sentiment import tiers
from pipeline.score.toward import heads
from pipeline.steps.evaluate.figures import Answer, Figure, Trial, calibration, macro_f1, share
from pipeline.steps.evaluate.sets import LABELS, Sets, rows, tweets

SPOKEN = ("fr", "en")
# Points of the cascade's curve: never asked, the cascade's and the accurate tier's own among them, always asked.
THRESHOLDS = (0.0, 0.5, 0.55, tiers.SURE["cascade"], tiers.SURE["accurate"], 0.8, 0.9, 1.01)
# And of the accurate tier's other threshold: how likely the first layers' choice must be to be enough.
ENOUGH = (0.0, 0.45, tiers.ENOUGH["cascade"], tiers.ENOUGH["accurate"], 0.6)
_ADDRESS = re.compile(r"https?\S*|@\w+|&\w+;|\bRT\b|#")  # no words of a language: not counted among the five


class Learnt(msgspec.Struct, frozen=True):
    """What the training of a head recorded of it, of which more is in its file."""

    cross_validated_real: float


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


def towards(sets: Sets, lang: str | None = None) -> Iterator[Trial | str]:
    """The half of our own set that nothing was trained from (every second line), by tier; not_about is neutral.

    Without `lang` the language is read from each text, as it is of a post: what is lost there counts as an error.
    """
    gold = sets.tests / "score" / "toward_gold.tsv"
    if gold.is_file():
        yield from _toward("gold", rows(gold, ("phenomenon", "toward", "place", "text"))[1::2], lang)
    else:
        yield f"toward gold ({gold})"


def pairs(sets: Sets) -> Iterator[Trial | str]:
    """Posts in which two places are judged at once, by tier; nothing was trained from them."""
    two = sets.tests / "score" / "toward_two_places.tsv"
    if two.is_file():
        yield from _toward("two-places", rows(two, ("toward", "place", "text")), None)
    else:
        yield f"toward two-places ({two})"


def _toward(kind: str, kept: Sequence[Mapping[str, str]], lang: str | None) -> Iterator[Trial | str]:
    for tier in ("fast", "accurate"):
        name = f"toward {kind}-{tier}"
        if tier == "accurate" and tiers.accurate() is None:
            yield f"{name} (the accurate model is not installed)"
            continue
        asked = [_asked(row["text"], row["place"], lang) for row in kept]
        answers = tuple(
            Answer(
                row["text"], _three(row["toward"]), _three(read.toward), f"{read.scorer} {read.toward}", row["place"]
            )
            for row, read in zip(kept, score.read(asked, tier), strict=True)
        )
        yield Trial(name, (macro_f1(name, answers, LABELS),), answers)


def reals(sets: Sets) -> Iterator[Trial | str]:
    """Labelled mentions in real posts. The heads learnt from them, so that asking them again would flatter.

    What is told is what training recorded: ten times, a tenth was judged by what the other nine taught.
    """
    real = sets.tests / "score" / "toward_real.tsv"
    if not real.is_file():
        yield f"toward real ({real})"
        return
    n = len(rows(real, ("post_id", "start", "end", "toward", "sample")))
    for tier, path in (("fast", heads.FAST), ("accurate", heads.ACCURATE)):
        name = f"toward real-{tier}"
        value = msgspec.json.decode(path.read_bytes(), type=Learnt).cross_validated_real
        yield Trial(name, (Figure(name, "cross-validated macro-F1", value, None, None, n),), ())


def _asked(text: str, place: str, lang: str | None) -> score.Asked:
    start = max(text.find(place), 0)
    return score.Asked(text, start, start + len(place), (), lang)


def _three(label: str | None) -> str:
    return label if label in LABELS else "neutral"
