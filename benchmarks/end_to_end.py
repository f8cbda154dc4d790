"""From JSON lines to published aggregates, against two scripts that people write instead, on the same file, same run.

    .venv/bin/pip install pandas flashtext
    .venv/bin/python benchmarks/end_to_end.py ../shared/data/posts_fr_before_2020.jsonl.gz --posts 300000

Each contender runs in a process of its own; figures are posts per CPU-second (all its threads counted) and peak
memory. `rayonner` lands, matches, scores with the fast tier, builds and publishes; `lean` does the scripts' work and
no more: parse, match, VADER on matched posts, daily aggregates in DuckDB, nothing landed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

CONTENDERS = ("naive", "careful", "lean", "rayonner")


def bootstrap(source: Path, target: Path, count: int) -> None:
    """Draw `count` posts with replacement from a file of real posts, each with an id of its own (seed 1)."""
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rt", encoding="utf8") as file:
        real = [json.loads(line) for line in file]
    draw = random.Random(1)
    with target.open("w", encoding="utf8") as out:
        for number in range(count):
            post = dict(draw.choice(real), post_id=f"b{number}")
            out.write(json.dumps(post, ensure_ascii=False) + "\n")


def measured(contender: str, posts: Path, home: Path, catalogue: str) -> tuple[float, float]:
    """CPU seconds and peak MB of one contender in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    arguments = [sys.executable, "-m", f"benchmarks._{contender}", str(posts), str(home), catalogue]
    child = subprocess.Popen(arguments, env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)})
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{contender} failed")
    del before
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print one line a contender."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--posts", type=int, default=300_000)
    parser.add_argument("--catalogue", default="national")
    parser.add_argument("--only", nargs="*", default=CONTENDERS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        posts = Path(folder) / "posts.jsonl"
        bootstrap(given.source, posts, given.posts)
        rates: dict[str, float] = {}
        for contender in given.only:
            # The naive script takes minutes on what others do in seconds: it gets a share, and its rate is compared.
            share = posts if contender != "naive" else _head(posts, Path(folder) / "head.jsonl", given.posts // 50)
            count = given.posts if contender != "naive" else given.posts // 50
            seconds, memory = measured(contender, share, Path(folder) / contender, given.catalogue)
            rates[contender] = count / seconds
            print(f"{contender:<9} {count / seconds:>9,.0f} posts/s/core  {memory:>6,.0f} MB  {seconds:.1f} CPU s")
        for one, other in (("lean", "careful"), ("rayonner", "careful"), ("rayonner", "naive")):
            if one in rates and other in rates:
                print(f"{one} / {other}: {rates[one] / rates[other]:.2f}")


def _head(posts: Path, target: Path, count: int) -> Path:
    with posts.open(encoding="utf8") as file, target.open("w", encoding="utf8") as out:
        out.writelines(line for _, line in zip(range(count), file, strict=False))
    return target


if __name__ == "__main__":
    main()
