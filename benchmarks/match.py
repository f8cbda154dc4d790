"""Posts per second of one core through the matcher, beside two plain ways to look for the same names.

    python benchmarks/match.py ../shared/data/posts_fr_before_2020.jsonl.gz

Ways are run in turns, best of three, so that what else the machine does weighs on all of them alike. The plain ways do
less: they find names and judge no sense.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline import gazetteer, match
from pipeline.brands import national
from pipeline.match.fold import fold

ROUNDS = 3
# The plain loop is a thousand times slower: a sample of the posts is enough to time it.
SAMPLE = 50


def main(path: Path) -> None:
    """Print one line a way: posts per second, share of posts found, ratio to the regular expression."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        posts = [json.loads(line)["text"] for line in file]
    brands = national.brands()
    matcher = match.compile_catalogue(brands)
    names = sorted({gazetteer.fold(brand.name) for brand in brands}, key=len, reverse=True)
    one_regex = re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")
    ways: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "touches": (matcher.touches, posts),
        "mentions (names, senses, evidence)": (matcher.mentions, posts),
        "fold only, str.translate": (fold, posts),
        "one regular expression on folded text": (lambda text: one_regex.search(" ".join(fold(text).split())), posts),
        "`name in text` loop": (lambda text: any(name in gazetteer.fold(text) for name in names), posts[::SAMPLE]),
    }
    speeds = {name: max(_speed(*way) for _ in range(ROUNDS)) for name, way in ways.items()}
    base = speeds["one regular expression on folded text"]
    print(f"{len(posts)} posts, {len(names)} names, one core, best of {ROUNDS}")
    for name, speed in speeds.items():
        found = sum(map(bool, map(ways[name][0], ways[name][1]))) / len(ways[name][1])
        print(f"{name:<42} {speed:>10,.0f} posts/s  {speed / base:>7.2f} x  {found:6.1%} found")


def _speed(way: Callable[[str], object], posts: list[str]) -> float:
    start = time.process_time()
    for text in posts:
        way(text)
    return len(posts) / (time.process_time() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
