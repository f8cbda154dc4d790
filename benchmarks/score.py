"""Quality and speed of reading a mention: python -m benchmarks.score (needs ../shared; CPU seconds of one core)."""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipeline.score import Asked, language, read
from pipeline.score.masking import mask
from pipeline.score.sentiment import en, fr, tiers
from pipeline.score.toward import Place, heads, judge

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
POSTS = 5000
RESAMPLED = 1000  # draws of the bootstrap
THRESHOLDS = (0.0, 0.45, 0.5, 0.55, 0.6, 0.62, 0.65, 0.7, 0.8, 1.01)
OWN_WORDS = ("La Haute-Marne respire et inspire", "Je vois la vie en Vosges", "Just Dijon")
THREE = {"negative": 0, "neutral": 1, "not_about": 1, "positive": 2}

Numbers = npt.NDArray[np.int64]


def umsab(lang: str, split: str) -> tuple[list[str], Numbers]:
    """Masked texts and labels 0 negative, 1 neutral, 2 positive."""
    folder = SHARED / "sentiment" / f"umsab_{lang}"
    texts = (folder / f"{split}_text.txt").read_text("utf8").rstrip("\n").split("\n")
    return [mask(text, ()) for text in texts], np.array((folder / f"{split}_labels.txt").read_text().split(), int)


def macro_f1(told: Numbers, labels: Numbers) -> float:
    """Mean F1 of the three classes, in percent."""
    both = [((told == k) & (labels == k)).sum() for k in range(3)]
    each = [2 * b / max((told == k).sum() + (labels == k).sum(), 1) for k, b in enumerate(both)]
    return 100 * float(np.mean(each))


def with_interval(told: Numbers, labels: Numbers) -> str:
    """Macro-F1 with its 95 % bootstrap interval and n."""
    chance = np.random.default_rng(0)
    draws = chance.integers(0, len(labels), (RESAMPLED, len(labels)))
    low, high = np.percentile([macro_f1(told[draw], labels[draw]) for draw in draws], [2.5, 97.5])
    return f"{macro_f1(told, labels):5.1f}  [{low:.1f}, {high:.1f}]  n={len(labels)}"


def calibration_error(likely: npt.NDArray[np.float64], labels: Numbers) -> float:
    """Mean gap between how sure and how often right, over ten bins of sureness."""
    sure, right = likely.max(axis=1), likely.argmax(axis=1) == labels
    tenth = np.minimum((sure * 10).astype(int), 9)
    return float(sum(abs(sure[tenth == k].mean() - right[tenth == k].mean()) * (tenth == k).mean() for k in set(tenth)))


def per_second(work: Callable[[], object], count: int) -> float:
    """Posts per CPU second: the best of three, others share the machine."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return count / best


def posts() -> list[str]:
    """Distinct real posts."""
    with gzip.open(SHARED / "posts_fr_before_2020.jsonl.gz", "rt", encoding="utf8") as lines:
        return list(dict.fromkeys(json.loads(line)["text"] for line in islice(lines, 2 * POSTS)))[:POSTS]


def languages() -> None:
    """French against English, whole posts and first five words."""
    for name, cut in (("whole post", None), ("first five words", 5)):
        texts, wanted = [], []
        for lang in ("fr", "en"):
            for split in ("train", "val"):
                found = umsab(lang, split)[0]
                spoken = [" ".join(language._spoken(text).split()[:cut]) for text in found]
                texts += found if cut is None else spoken
                wanted += [lang] * len(found)
        right = sum(a == b for a, b in zip(language.identify(texts), wanted, strict=True))
        line(f"language, fr/en, {name}", f"{100 * right / len(wanted):5.2f} %  n={len(wanted)}")


def tones() -> None:
    """Fast and accurate on validation, and the cascade's curve."""
    for lang, scorer in (("fr", fr), ("en", en)):
        texts, labels = umsab(lang, "val")
        fast = np.array(scorer.tones(texts))
        line(f"fast {lang}, validation macro-F1", with_interval(fast.argmax(axis=1), labels))
        line(f"fast {lang}, calibration error", f"{calibration_error(fast, labels):.3f}")
        accurate = tiers.accurate()
        if accurate is None:
            continue
        alone = np.array(accurate.tones(texts))
        line(f"encoder {lang} alone, validation macro-F1", with_interval(alone.argmax(axis=1), labels))
        best = np.array([one.probabilities for one in tiers.doubting(texts, lang, 1.01)])
        tier = np.array([one.probabilities for one in tiers.read(texts, [lang] * len(texts), "accurate")])
        line(f"accurate {lang}, validation macro-F1", with_interval(tier.argmax(axis=1), labels))
        line(f"accurate {lang}, calibration error", f"{calibration_error(tier, labels):.3f}")
        for threshold in THRESHOLDS:
            sent = fast.max(axis=1) < threshold
            mixed = np.where(sent[:, None], best, fast).argmax(axis=1)
            line(
                f"cascade {lang} below {threshold:.2f}",
                f"{100 * sent.mean():3.0f} % sent  {macro_f1(mixed, labels):5.1f}",
            )


def toward() -> None:
    """The kept half of the written gold set: sentence level, cues, encoder."""
    lines = (ROOT / "tests" / "score" / "toward_gold.tsv").read_text("utf8").splitlines()
    rows = [row.split("\t") for row in lines if not row.startswith("#")][1::2]
    places = [Place(text, text.index(name), text.index(name) + len(name), OWN_WORDS) for _, _, name, text in rows]
    labels = np.array([THREE[label] for _, label, _, _ in rows])
    masked = [mask(one.text, one.own_words) for one in places]
    accurate = heads.module()
    for tier, scorer in (("fast", fr), ("accurate", accurate)):
        if scorer is None:
            continue
        told = scorer.tones(masked)
        line(f"toward, gold, sentence's tone ({tier})", with_interval(np.array(told).argmax(axis=1), labels))
        verdicts = judge(places, ["fr"] * len(places), told, tier)
        answers = np.array([THREE[str(verdict.label)] for verdict in verdicts])
        line(f"toward, gold, {tier}", with_interval(answers, labels))


def speeds(texts: Sequence[str]) -> None:
    """Posts per CPU second, each step warm, vaderSentiment as it is beside them."""
    masked = [mask(text, ()) for text in texts]
    english = umsab("en", "train")[0]
    original = SentimentIntensityAnalyzer()
    asked = [Asked(text, 0, 5, OWN_WORDS) for text in texts[:2000]]
    for name, work, count in (
        ("language", lambda: language.identify(texts), len(texts)),
        ("mask", lambda: [mask(text, OWN_WORDS) for text in texts], len(texts)),
        ("fast fr", lambda: fr.tones(masked), len(texts)),
        ("fast en, VADER and model", lambda: en.tones(english), len(english)),
        ("vaderSentiment as it is, en", lambda: [original.polarity_scores(text) for text in english], len(english)),
        ("read, fast: language, tone, toward", lambda: read(asked, "fast"), len(asked)),
        ("read, accurate: language, tone, toward", lambda: read(asked, "accurate"), len(asked)),
    ):
        line(f"posts/s/core, {name}", f"{per_second(work, count):8,.0f}")


def line(name: str, value: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{name:42} {value}\n")


def main() -> None:
    """Print every figure."""
    languages()
    tones()
    toward()
    speeds(posts())
    line("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
