"""How fast the store keeps posts: `python benchmarks/store.py [sqlite|postgresql URL]`, beside bare sqlite3.

One row a post, one a mention, one an observation, in batches of 2,000. The floor is the driver's own executemany on
the post table alone, in the same run, so that the ratio means something on a busy machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline import store
from pipeline.model import Engagement, Mention, Post, Reach, Scores

COUNT, BATCH, KEY = 40_000, 2_000, bytes(32)
NOW = datetime(2026, 1, 6, 3, tzinfo=UTC)
# As long as the average post of a real archive (94 characters) and some.
TEXT = "À Dijon, la moutarde monte au nez des visiteurs du marché, et la place se remplit dès le matin, n° "


def found(number: int) -> store.Found:
    """One post with a mention and an observation."""
    post = Post(
        source="sample",
        post_id=str(number),
        created_at=NOW - timedelta(seconds=number),
        seen_at=NOW,
        text=TEXT + str(number),
        author_id=str(number % 5_000),
        author_followers=number,
        url=f"https://example.org/{number}",
        engagement=Engagement(NOW, likes=number % 7, reposts=1),
    )
    mention = Mention("just-dijon", "21231", "territory", True, 2, 7, "name", "Dijon")
    return store.Found(
        post, (mention,), None, Reach(None, 1.0, 2.0, 3.0, "r/1"), "earned", date(2026, 4, 6), number, number
    )


def timed(name: str, rows: int, work: Callable[[], object]) -> None:
    """Say how many rows a second, by the wall clock and by this process's own time."""
    wall, own = time.perf_counter(), time.process_time()
    work()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    print(f"{name:<34}{rows / wall:>10,.0f} rows/s{rows / own:>12,.0f} rows/s of own CPU")


def save(engine: store.Engine, posts: list[store.Found]) -> None:
    """Keep the posts, a batch a transaction."""
    for at in range(0, COUNT, BATCH):
        store.save_found(engine, posts[at : at + BATCH], key=KEY, matcher="match/1")


def score(engine: store.Engine) -> None:
    """Score all that waits."""
    scores = Scores("fr", "neutral", 0.1, "neutral", 0.0, "fast/1")
    for page in store.to_score(engine):
        store.save_scores(engine, [(asked, scores) for asked in page])


def export(engine: store.Engine) -> None:
    """Read all that the build reads of a full store."""
    with store.snapshot(engine) as shown:
        for table in ("post", "mention", "engagement"):
            for _ in shown.changes(table, 0):
                pass


def floor(engine: store.Engine) -> None:
    """The post rows again, straight through the driver into an empty copy of the table."""
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql("select * from post")]
        connection.exec_driver_sql("create table floor as select * from post limit 0")
        connection.exec_driver_sql("create unique index floor_key on floor (post_key)")
        mark = "?" if engine.dialect.name == "sqlite" else "%s"
        statement = f"insert into floor values ({', '.join([mark] * len(rows[0]))})"
        timed("floor: driver, post rows only", COUNT, lambda: connection.exec_driver_sql(statement, rows))


def main(url: str) -> None:
    """Time each thing the store does to COUNT posts."""
    engine = store.connect(url)
    store.migrate(engine)
    posts = [found(number) for number in range(COUNT)]
    print(f"{engine.dialect.name}, {COUNT:,} posts, {BATCH:,} a transaction")
    timed("save_found, 3 rows a post", 3 * COUNT, lambda: save(engine, posts))
    timed("save_found again, nothing changes", 3 * COUNT, lambda: save(engine, posts))
    timed("to_score and save_scores", COUNT, lambda: score(engine))
    timed("changes since the beginning", 3 * COUNT, lambda: export(engine))
    floor(engine)
    timed("expire", COUNT, lambda: store.expire(engine, date(2026, 4, 6)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'store.sqlite'}")
