"""The real thing: import, score with the fast tier, build with checks, publish."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import settings, steps


def main(posts: Path, home: Path, catalogue: str) -> None:
    """Run the four steps on one archive."""
    given = settings.load({"RAYONNER_HOME": str(home), "RAYONNER_TIER": "fast", "RAYONNER_AUTHOR_KEY": "00" * 32})
    now, night = datetime(2026, 6, 1, tzinfo=UTC), date(2019, 12, 31)
    steps.import_posts(given, posts, now=now, catalogue=catalogue)
    steps.score(given, now=now, catalogue=catalogue)
    steps.build(given, night, now=now, catalogue=catalogue)
    steps.publish(given, night, now=now)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
