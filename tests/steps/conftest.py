"""Posts of the bundled sample, written as the JSON lines that people import."""

import json
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from pipeline.collect import Ask, load
from pipeline.errors import UnavailableError
from pipeline.model import Post, Window


def line(post: Post) -> str:
    seen = post.engagement
    return json.dumps(
        {
            "platform": post.source,
            "post_id": post.post_id,
            "created_at": post.created_at.isoformat(),
            "lang": post.lang_hint,
            "text": post.text,
            "author": post.author_id,
            "author_followers": post.author_followers,
            "kind": post.kind,
            "repost_of": post.repost_of,
            "quote_of": post.quote_of,
            "in_reply_to": post.in_reply_to,
            "likes": seen.likes if seen else None,
            "reposts": seen.reposts if seen else None,
            "first_seen": post.seen_at.date().isoformat(),
        },
        ensure_ascii=False,
    )


def sample_posts(first: date, nights: int) -> list[Post]:
    source, ask = load("sample"), Ask(now=datetime(2026, 6, 1, tzinfo=UTC))
    found: list[Post] = []
    for offset in range(nights):
        try:
            found += source.posts(Window.night(first + timedelta(days=offset)), [], ask)
        except UnavailableError:
            continue
    return found


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January of the sample, as an archive."""
    path = tmp_path_factory.mktemp("archive") / "january.jsonl"
    path.write_text("\n".join(line(post) for post in sample_posts(date(2026, 1, 5), 27)) + "\n", encoding="utf8")
    return path


SERVER = os.environ.get("RAYONNER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def postgres() -> Iterator[str]:
    """A scratch database, dropped afterwards."""
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers; set RAYONNER_TEST_POSTGRES to a server's address")
    name = f"rayonner_test_{uuid.uuid4().hex[:12]}"
    server.execute(f'create database "{name}"')
    yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    server.execute(f'drop database "{name}" with (force)')
    server.close()


@pytest.fixture(scope="session")
def real_posts() -> Path:
    """Real posts that lie beside the repository; never in it."""
    path = Path(__file__).parents[3] / "shared" / "data" / "posts_fr_before_2020.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/data/posts_fr_before_2020.jsonl.gz is not here")
    return path
