"""Run the whole chain in a process of its own, which a test may kill: import, score, build, publish."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import settings, steps

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
NIGHT = date(2026, 1, 31)
STEPS = ("import", "score", "build", "publish")


def settings_of(home: Path, store_url: str | None = None) -> settings.Settings:
    env = {"RAYONNER_HOME": str(home), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_TIER": "fast"}
    return settings.load(env | ({"RAYONNER_STORE_URL": store_url} if store_url else {}))


def chain(home: Path, posts: Path, store_url: str | None = None) -> None:
    given = settings_of(home, store_url)
    print("import", flush=True)
    steps.import_posts(given, posts, now=NOW)
    print("score", flush=True)
    steps.score(given, now=NOW)
    print("build", flush=True)
    steps.build(given, NIGHT, now=NOW)
    print("publish", flush=True)
    steps.publish(given, NIGHT, now=NOW)


if __name__ == "__main__":
    chain(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
