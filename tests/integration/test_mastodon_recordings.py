"""What real Mastodon servers answered, as recorded in Mastodon.py's source distribution: every post is read or refused.

The recordings hold people's posts: they are read where they were downloaded, and nothing of them is kept or printed.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from pipeline.collect import Ask, _fediverse
from pipeline.collect._answer import Answer
from pipeline.collect._waits import asked_wait, is_spent
from pipeline.errors import MalformedError
from pipeline.model import Post

pytestmark = pytest.mark.integration

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, str], object]]:
    """Headers and JSON of every recorded answer."""
    folder = tmp_path_factory.mktemp("recordings")
    told = ["pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    command = [sys.executable, "-m", *told, "-d", str(folder), "Mastodon.py==2.3.3"]
    if subprocess.run(command, capture_output=True, timeout=120).returncode:
        pytest.skip("Mastodon.py's source distribution cannot be downloaded here")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as packed:
        for member in packed:
            # YAML of media uploads is large and holds no post.
            if "/cassettes" in member.name and member.name.endswith(".yaml") and member.size < 500_000:
                packed.extract(member, folder, filter="data")
    return [told for path in sorted(folder.rglob("*.yaml")) for told in _answers(path)]


def _answers(path: Path) -> Iterator[tuple[dict[str, str], object]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for exchange in yaml.load(path.read_text("utf-8"), loader).get("interactions", ()):
        headers = {name.lower(): str(values[0]) for name, values in exchange["response"]["headers"].items() if values}
        body = exchange["response"]["body"].get("string", b"")
        body = body.encode() if isinstance(body, str) else body
        try:
            body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            yield headers, json.loads(Answer("", 200, headers, body).text)
        except (ValueError, OSError):
            yield headers, None


def _statuses(said: object) -> Iterator[dict[str, object]]:
    """Every status, however deep in an answer."""
    if isinstance(said, dict):
        if {"uri", "account", "content", "visibility"} <= said.keys():
            yield said
        said = list(said.values())
    if isinstance(said, list):
        for one in said:
            yield from _statuses(one)


def test_every_recorded_post_is_read_or_refused_with_a_reason(
    exchanges: list[tuple[dict[str, str], object]],
) -> None:
    outcome, kinds = Counter[str](), Counter[str]()
    for _, said in exchanges:
        for status in _statuses(said):
            shown = json.loads(json.dumps(status))
            for one in (shown, shown.get("reblog") or {}):
                (one.get("account") or {}).pop("indexable", None)  # else most of them would be rightly left out
            try:
                post: Post = _fediverse.post(shown, "recorded.example", Ask(now=NOW))
            except MalformedError as refused:
                outcome[refused.reason] += 1
                continue
            outcome["read"] += 1
            kinds[post.kind] += 1
            assert "<p>" not in post.text
            assert "@" in (post.author_handle or "")
    assert outcome["read"] > 500, outcome
    assert set(outcome) <= {"read", "no_text", "not_public", "noindex"}, outcome
    assert {"post", "repost", "reply"} <= set(kinds), kinds


def test_recorded_limits_are_understood(exchanges: list[tuple[dict[str, str], object]]) -> None:
    limits = [headers for headers, _ in exchanges if "x-ratelimit-reset" in headers]
    assert len(limits) > 100
    for headers in limits:
        wait = asked_wait(headers, NOW)
        assert wait is not None
        # Five minutes for most calls, thirty minutes and a day for some (uploads, sign-ups).
        assert 0 <= wait <= 86_400
        assert is_spent(headers) == (headers["x-ratelimit-remaining"] == "0")


def test_recorded_links_give_the_next_page(exchanges: list[tuple[dict[str, str], object]]) -> None:
    linked = [headers["link"] for headers, _ in exchanges if "max_id=" in headers.get("link", "")]
    assert linked
    assert all((found := _fediverse.older(link, [])) and "&" not in found for link in linked if 'rel="next"' in link)
