"""Posts to keep, made from small numbers; also a program that writes them, for tests that need another process."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipeline import store
from pipeline.model import Engagement, Mention, Post, Reach, Scores

KEY = bytes(range(32))
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
EXPIRES = date(2026, 4, 5)
AUTHOR, HANDLE = "author-4711", "marie.des.vosges"


def found(
    number: int = 1, version: int = 0, *, mentions: tuple[Mention, ...] | None = None, **given: Any
) -> store.Found:
    """Post `number` as it was `version` hours after it was first seen; each with its own text and counts."""
    seen_at = START + timedelta(hours=1 + version)
    values: dict[str, Any] = {
        "source": "sample",
        "post_id": f"id-{number}",
        "created_at": START + timedelta(minutes=number % 60),
        "seen_at": seen_at,
        "text": f"Un jour à Dijon, numéro {number}" + f", corrigé {version} fois" * bool(version),
        "author_id": f"{AUTHOR}-{number % 3}",
        "author_handle": HANDLE,
        "author_followers": 100 + version,
        "url": f"https://example.org/post/{number}",
        "engagement": Engagement(seen_at, likes=10 * version, reposts=version),
    }
    return store.Found(
        post=Post(**(values | given)),
        mentions=(mention(),) if mentions is None else mentions,
        lang=None,
        reach=Reach(None, 1.0, 2.5, 4.0, "test/1"),
        ownership="earned",
        expires_on=EXPIRES,
        cluster_key=number,
        near_key=number // 2,
    )


def mention(brand: str = "just-dijon", **given: Any) -> Mention:
    """An accepted mention of Dijon."""
    values: dict[str, Any] = {
        "territory": "21231",
        "sense": "territory",
        "accepted": True,
        "start": 10,
        "end": 15,
        "rule": "name",
        "evidence": "Dijon",
    }
    return Mention(brand=brand, **(values | given))


def save(engine: store.Engine, *batch: store.Found, **given: Any) -> store.Saved:
    """save_found with this story's key and matcher."""
    return store.save_found(engine, batch, **({"key": KEY, "matcher": "test/1"} | given))


def score(engine: store.Engine, label: Any = "positive", value: float = 0.5) -> int:
    """Score all that waits, all alike."""
    scores = Scores("fr", label, value, label, value, "test/1")
    return sum(store.save_scores(engine, [(asked, scores) for asked in page]) for page in store.to_score(engine))


def rows(engine: store.Engine, *, revision: bool = False) -> dict[str, list[dict[str, object]]]:
    """Every row that the build may read, in one order, without revisions unless asked for."""
    shown = {}
    for table in ("post", "addressed", "mention", "engagement", "ledger", "ledger_scope", "deletion"):
        every = [row for part in store.changes(engine, table, 0) for row in part]
        kept = [row if revision else {n: v for n, v in row.items() if n != "revision"} for row in every]
        shown[table] = sorted(kept, key=lambda row: [str(value) for value in row.values()])
    return shown


def batches(count: int = 20, size: int = 40) -> list[list[store.Found]]:
    """Batches in which every third post comes again in a later version."""
    story = [found(n, version) for version in (0, 1) for n in range(count * size) if version == 0 or n % 3 == 0]
    return [story[at : at + size] for at in range(0, len(story), size)]


def write(url: str, count: int, size: int) -> None:
    """Write the batches and score them, saying when each is done."""
    engine = store.connect(url)
    store.migrate(engine)
    for number, batch in enumerate(batches(count, size)):
        save(engine, *batch, cursor=store.Cursor("sample", "night", str(number), START + timedelta(hours=number)))
        sys.stdout.write("saved\n")
        sys.stdout.flush()
    score(engine)
    store.expire(engine, date(2026, 1, 6))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
