"""The scripts' work and no more, with this project's parts: parse, match, VADER on matched posts, aggregate in DuckDB.

Nothing is landed, no sense is judged and nothing is published: it measures the parts, not the product.
"""

import sys
from collections import Counter
from pathlib import Path

import ahocorasick_rs
import duckdb
import msgspec

from benchmarks._names import names
from pipeline.match.fold import fold_bytes
from pipeline.score.sentiment.vader import polarity


class Line(msgspec.Struct, gc=False):
    """The fields the scripts use."""

    created_at: str
    text: str


def main(posts: Path, home: Path, catalogue: str) -> None:
    """Match, score, aggregate."""
    home.mkdir()
    slugs = {b" %s " % b"  ".join(fold_bytes(name).split()): slug for name, slug in names(catalogue).items()}
    patterns, brands = list(slugs), list(slugs.values())
    automaton = ahocorasick_rs.BytesAhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    decode = msgspec.json.Decoder(Line).decode
    count: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    with posts.open("rb") as file:
        for raw in file:
            line = decode(raw)
            # Blanks are doubled so that two names side by side do not share one.
            folded = b" %s " % b"  ".join(fold_bytes(line.text).split())
            hits = automaton.find_matches_as_indexes(folded)
            if not hits:
                continue
            score = polarity(line.text).compound
            for slug in {brands[hit[0]] for hit in hits}:
                count[slug, line.created_at[:10]] += 1
                total[slug, line.created_at[:10]] += score
    _write(home, count, total)


def _write(home: Path, count: Counter[tuple[str, str]], total: Counter[tuple[str, str]]) -> None:
    rows = home / "daily.jsonl"
    rows.write_bytes(
        b"\n".join(
            msgspec.json.encode({"brand": b, "day": d, "n": n, "score": total[b, d] / n}) for (b, d), n in count.items()
        )
    )
    with duckdb.connect(str(home / "daily.duckdb")) as connection:
        connection.execute(f"create table daily as select * from read_json('{rows}')")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
