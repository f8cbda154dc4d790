"""What a build costs: python -m benchmarks.warehouse [--scale 0.1] [--years 1,3,10] [--folder FOLDER]

At scale 1: 10 million mentions of 50 brands over 3 years; built whole, then a night of 100,000 new posts and 400,000
changed engagements, each published. The same night is timed on shorter and longer histories of the same volume a
night: its cost should depend on what changed, and may grow by 1.3 at most. Each part runs in a process of its own,
whose peak memory and processor seconds are told; the latter hold on a machine that does other work too. All seconds
include making the rows that are handed over.

Pandas and one SQL query apiece do the same small part of the work: from the facts that the build has made they count
mentions, distinct authors, tone and the sums for its interval by brand, source and language over days, weeks and
months, and write it as CSV; both must come to the same sums. Neither lands or merges anything, joins engagement, knows
rolling periods, tags, peers, unusual nights or checks, and both do all history each time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks._history import BRANDS, LEGAL, Made
from pipeline import warehouse
from pipeline.warehouse.database import MEMORY, quoted, reading
from pipeline.warehouse.paths import PUBLISHED_FILE

MENTIONS, NEW, CHANGED = 10_000_000, 100_000, 400_000
# What a night of ten years may cost against one of a single year.
MOST = 1.3
GRAINS = {"day": "D", "week": "W-SUN", "month": "M"}  # SQL's word -> pandas'
CORE = """
select brand, {by} night, sum(positive) as positive, sum(negative) as negative, count(author) as author_count,
    sum(n) as count, sum(sign) as sum, sum(size) as size, sum(n * n) as square, sum(sign * sign) as sign_square
from (
    select brand, {by} date_trunc('{grain}', night) as night, author_number as author, count(image_sign) as n,
        coalesce(sum(image_sign), 0) as sign, count(*) as size, count(case when image_sign = 1 then 1 end) as positive,
        count(case when image_sign = -1 then 1 end) as negative
    from fct_mention where is_night_complete and author_number is not null
    group by brand, {by} date_trunc('{grain}', night), author_number
) as a
group by brand, {by} night
"""


def build(home: Path, made: Made, memory: str) -> dict[str, float]:
    """Build and publish; seconds of each. `memory` is what DuckDB may take before the build is done again with more."""
    now = datetime.combine(made.last + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=3)
    start = time.perf_counter()
    built = warehouse.build(
        home, made, BRANDS, LEGAL, night=made.last, now=now, code_version="benchmark", memory=memory
    )
    middle = time.perf_counter()
    done = warehouse.publish(home, night=made.last, now=now)
    end = time.perf_counter()
    return {"mentions": built.mentions, "build": middle - start, "publish": end - middle, "file_mb": done.bytes / 1e6}


def pandas(home: Path) -> dict[str, float]:
    """The core sums by pandas, from the facts, written as CSV."""
    import duckdb
    import pandas as pd

    start = time.perf_counter()
    with duckdb.connect(str(home / PUBLISHED_FILE), read_only=True) as con:
        facts = con.execute(
            "select brand, source, lang, author_number, image_sign, night from fct_mention where is_night_complete"
        ).df()
    facts["night"] = pd.to_datetime(facts["night"])
    facts["positive"], facts["negative"] = facts["image_sign"] == 1, facts["image_sign"] == -1
    total = 0
    for by in ([], ["source"], ["lang"]):
        for grain in GRAINS.values():
            keys = ["brand", *by, facts["night"].dt.to_period(grain)]
            authors = facts.groupby([*keys, "author_number"], observed=True)["image_sign"].agg(["count", "sum", "size"])
            squares = authors.assign(square=authors["count"] ** 2, sign_square=authors["sum"] ** 2)
            sums = squares.groupby(level=list(range(len(keys)))).sum()
            made = facts.groupby(keys, observed=True)[["positive", "negative"]].sum().join(sums)
            made.reset_index().astype({"night": str}).to_csv(home / f"pandas-{'-'.join(by)}{grain}.csv")
            total += int(made["square"].sum() + 3 * made["sign_square"].sum() + 5 * made["positive"].sum())
    return {"mentions": len(facts), "build": time.perf_counter() - start, "total": total}


def one_query(home: Path) -> dict[str, float]:
    """The same sums, each by one query on the same facts, written as CSV."""
    start, total, size = time.perf_counter(), 0, 0
    with reading(home / PUBLISHED_FILE, sealed=False) as con:
        for by in ("", "source, ", "lang, "):
            for grain in GRAINS:
                path = quoted(str(home / f"duckdb-{by.strip(', ')}{grain}.csv"))
                con.execute(f"copy ({CORE.format(by=by, grain=grain)}) to {path} (header)")
                told = con.execute(f"select sum(square + 3 * sign_square + 5 * positive), sum(size) from {path}")
                row = told.fetchone() or (0, 0)
                total, size = total + int(row[0]), int(row[1])
    return {"mentions": size, "build": time.perf_counter() - start, "total": total}


def part(name: str, home: Path, made: Made, memory: str) -> dict[str, float]:
    """Run one part in a process of its own."""
    task = json.dumps([name, str(home), memory, made.mentions, made.nights, made.new, made.changed, made.revision])
    command = [sys.executable, "-m", "benchmarks.warehouse", "--part", task]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def run_part(task: str) -> None:
    """What the process of one part does."""
    start = time.process_time()  # what is imported is not counted
    name, home, memory, *numbers = json.loads(task)
    peers = {"pandas": pandas, "one query": one_query}
    told = peers[name](Path(home)) if name in peers else build(Path(home), Made(*numbers), memory)
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told["processor"] = time.process_time() - start
    print(json.dumps(told))


def line(name: str, told: dict[str, float]) -> None:
    """One row of the table."""
    publish, size = (f"{told[k]:.1f}" if k in told else "" for k in ("publish", "file_mb"))
    cells = (name, f"{told['mentions']:,.0f}", f"{told['build']:.1f}", publish, f"{told['processor']:.1f}")
    cells += (f"{told['peak_mb']:.0f}", size)
    print(f"| {' | '.join(cells)} |", flush=True)


def verdict(unit: str, nights: dict[int, float]) -> str:
    """What a night costs on each history against the shortest, and whether the longest keeps within MOST."""
    shortest = nights[min(nights)]
    ratios = ", ".join(f"{years} years {spent / shortest:.2f}" for years, spent in sorted(nights.items()))
    met = "pass" if nights[max(nights)] <= MOST * shortest else "miss"
    return f"\nA night in {unit}, against the shortest history: {ratios}. At most {MOST}: {met}."


def main() -> None:
    """Print one Markdown table, and the ratio of a night's cost over the histories."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.1, help="1 is 10 million mentions over 3 years")
    parser.add_argument("--years", default="1,3,10", help="histories to time a night on; pandas runs on that of 3")
    parser.add_argument("--folder", type=Path, help="where the files go; needs some 2 GB a million mentions")
    parser.add_argument("--memory", default=MEMORY, help="what DuckDB may take; the full size needs 9GB to be built")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        run_part(args.part)
        return
    print("| part | mentions | build s | publish s | processor s | peak MB | file MB |\n|---|--:|--:|--:|--:|--:|--:|")
    nights: dict[int, dict[str, float]] = {}
    for years in (int(y) for y in args.years.split(",")):
        size = int(MENTIONS * args.scale * years / 3)
        made = Made(size, 365 * years, int(NEW * args.scale), int(CHANGED * args.scale), 1)
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            line(f"full build, {years} years", part("build", Path(folder), made, args.memory))
            after = Made(made.mentions, made.nights, made.new, made.changed, 2)
            told = part("build", Path(folder), after, args.memory)
            line(f"a night, {years} years", told)
            nights[years] = {"seconds": told["build"] + told["publish"], "processor seconds": told["processor"]}
            if years == 3:
                peers = {name: part(name, Path(folder), after, args.memory) for name in ("pandas", "one query")}
                for name, found in peers.items():
                    line(f"{name}, the core, 3 years", found)
                if len({found["total"] for found in peers.values()}) > 1:
                    sys.exit("pandas and SQL came to different sums")
    for unit in ("seconds", "processor seconds") if len(nights) > 1 else ():
        print(verdict(unit, {years: spent[unit] for years, spent in nights.items()}))


if __name__ == "__main__":
    main()
