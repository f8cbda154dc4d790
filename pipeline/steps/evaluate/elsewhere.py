"""Tone on texts of another world than the scorers learnt from: posts of politicians, drawn by chance."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.score.sentiment import tiers
from pipeline.steps.evaluate.figures import Trial
from pipeline.steps.evaluate.sets import Sets, rows
from pipeline.steps.evaluate.tones import tone


class Post(msgspec.Struct, frozen=True):
    """What is read of a line of the shared posts."""

    post_id: str
    text: str


def posts(sets: Sets) -> Iterator[Trial | str]:
    """Real French posts drawn by chance, whose labels lie in our tests and whose texts stay where they are."""
    labels, texts = sets.tests / "score" / "tone_real.tsv", sets.shared / "posts_fr_before_2020.jsonl.gz"
    if absent := next((path for path in (labels, texts) if not path.is_file()), None):
        yield f"sentiment posts ({absent})"
        return
    wanted = {row["post_id"]: row["tone"] for row in rows(labels, ("post_id", "tone"))}
    known = _texts(texts, set(wanted))
    for tier in tiers.TIERS:
        if tier != "fast" and tiers.accurate() is None:
            yield f"sentiment posts-{tier} (the accurate model is not installed)"
            continue
        yield tone(f"sentiment posts-{tier}", [known[one] for one in wanted], list(wanted.values()), "fr", tier)


def _texts(path: Path, wanted: set[str]) -> dict[str, str]:
    with gzip.open(path, "rb") as lines:
        found = (msgspec.json.decode(line, type=Post) for line in lines)
        return {one.post_id: one.text for one in found if one.post_id in wanted}
