"""Tone toward the place, put to the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from pipeline import score
from pipeline.score.sentiment import tiers
from pipeline.score.toward import heads
from pipeline.steps.evaluate.figures import Answer, Figure, Trial, macro_f1, share
from pipeline.steps.evaluate.sets import LABELS, Sets, rows

# Our own sets that nothing was trained from: English posts, and posts in which two places are judged at once.
KEPT = {"english": "toward_english.tsv", "two-places": "toward_two_places.tsv"}


class Learnt(msgspec.Struct, frozen=True):
    """What the training of a head recorded of it, of which more is in its file."""

    cross_validated_real: float


def gold(sets: Sets, lang: str | None = None) -> Iterator[Trial | str]:
    """The half of our own set that nothing was trained from (every second line), by tier; not_about is neutral.

    Without `lang` the language is read from each text, as it is of a post: what is lost there counts as an error.
    """
    path = sets.tests / "score" / "toward_gold.tsv"
    if path.is_file():
        yield from _toward("gold", rows(path, ("phenomenon", "toward", "place", "text"))[1::2], lang)
    else:
        yield f"toward gold ({path})"


def kept(sets: Sets) -> Iterator[Trial | str]:
    """The sets that are for measuring alone, by tier; the language is read from each text, as it is of a post."""
    for kind, name in KEPT.items():
        path = sets.tests / "score" / name
        if not path.is_file():
            yield f"toward {kind} ({path})"
            continue
        for trial in _toward(kind, rows(path, ("toward", "place", "text")), None):
            if isinstance(trial, str):
                yield trial
            else:
                yield replace(trial, figures=(*trial.figures, both(trial.name, trial.answers)))


def both(trial: str, answers: Sequence[Answer]) -> Figure:
    """In how many texts that praise one place and blame another each is told as it is."""
    texts: dict[str, list[Answer]] = {}
    for answer in answers:
        texts.setdefault(answer.text, []).append(answer)
    posed = [two for two in texts.values() if sorted(one.wanted for one in two) == ["negative", "positive"]]
    right = sum(all(one.told == one.wanted for one in two) for two in posed)
    return share(trial, "praise and blame told apart", right, len(posed))


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
