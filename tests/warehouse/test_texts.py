"""Texts: shown where terms allow it, gone on time, and gone from the file's bytes too."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline import warehouse
from pipeline.collect import Legal
from pipeline.warehouse import texts
from tests.warehouse import story
from tests.warehouse.files import build

LONG = story.FIRST + timedelta(days=400)


def shown(path: Path) -> list[tuple[object, ...]]:
    return warehouse.query(path, "select source, text, url from recent_post order by post_number")[1]


@pytest.fixture
def store() -> story.Store:
    store = story.Store()
    story.night(store, story.FIRST)
    return store


def said(store: story.Store, key: int, **more: object) -> None:
    story.post(store, key, story.FIRST, **{"expires_on": LONG, **more})
    story.mention(store, key, "dijon")


def test_terms_decide_what_is_shown(tmp_path: Path, store: story.Store) -> None:
    for key, source in ((1, "sample"), (2, "tube"), (3, "unheard-of")):
        said(store, key, source=source, text="texte", url="https://example.org/1")
    assert shown(build(tmp_path, store, story.FIRST).path) == [
        ("sample", "texte", "https://example.org/1"),
        ("tube", None, "https://example.org/1"),
    ]


def test_two_digits_of_an_audience_leave_the_store(tmp_path: Path, store: story.Store) -> None:
    said(store, 1, followers=12_345, reach_low=617.25, reach_central=1_234.5, reach_high=2_469.0)
    said(store, 2, followers=99, reach_low=0.4, reach_central=None, reach_high=0.0)
    said(store, 3, followers=None, reach_low=None, reach_central=None, reach_high=None)
    sql = "select followers, reach_low, reach_central, reach_high from raw.post order by post_key"
    assert warehouse.query(build(tmp_path, store, story.FIRST).path, sql)[1] == [
        (12_000, 620.0, 1_200.0, 2_500.0),
        (99, 0.4, None, 0.0),
        (None, None, None, None),
    ]


def test_accounts_named_in_a_text_stay_in_the_store(tmp_path: Path, store: story.Store) -> None:
    said(store, 1, source="sample", text="RT @jeanne_21: bravo @paul.example.org et @ana@piaille.fr, à Dijon")
    path = build(tmp_path, store, story.FIRST).path
    assert [text for _, text, _ in shown(path)] == ["RT @…: bravo @… et @…, à Dijon"]
    assert not any(handle in path.read_bytes() for handle in (b"jeanne_21", b"paul.example", b"piaille.fr"))


def test_terms_that_change_take_texts_back(tmp_path: Path, store: story.Store) -> None:
    said(store, 1)
    build(tmp_path, store, story.FIRST)
    now = story.moment(story.FIRST)
    warehouse.publish(tmp_path, night=story.FIRST, now=now)
    strict = {"sample": Legal("made up", show_text=False, show_link=False)}
    built = warehouse.build(tmp_path, store, story.BRANDS, strict, night=story.FIRST, now=now, code_version="test")
    assert shown(built.path) == []


@pytest.mark.parametrize(("days", "expected"), [(8, 0), (9, 1)])
def test_a_text_leaves_seven_days_early_for_the_kept_nights(
    tmp_path: Path, store: story.Store, days: int, expected: int
) -> None:
    said(store, 1, expires_on=story.FIRST + timedelta(days=days))
    assert len(shown(build(tmp_path, store, story.FIRST).path)) == expected


def test_refused_mentions_are_not_shown_until_accepted(tmp_path: Path, store: story.Store) -> None:
    said(store, 1)
    story.mention(store, 1, "dijon", accepted=False)
    assert shown(build(tmp_path, store, story.FIRST).path) == []
    warehouse.publish(tmp_path, night=story.FIRST, now=story.moment(story.FIRST))
    story.mention(store, 1, "dijon")
    assert len(shown(build(tmp_path, store, story.FIRST).path)) == 1


def test_hostile_text_is_stored_harmless(tmp_path: Path, store: story.Store) -> None:
    said(store, 1, text="a\0b\ud800c\"\\\n'x" + "é" * 1_000_000, url=None)
    ((_, text, _),) = shown(build(tmp_path, store, story.FIRST).path)
    assert str(text).startswith("ab?c\"\\\n'xéé")
    assert len(str(text)) <= 10_000


def test_a_forgotten_text_is_gone_from_the_bytes(
    tmp_path: Path, store: story.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, secrets = random.Random(7), []
    for key in range(1, 4001):
        text = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(400))
        secrets.append(text[200:208].encode())
        said(store, key, text=text)
    refresh = texts.refresh

    def plainly(con: duckdb.DuckDBPyConnection, *rest: object) -> None:
        # Compressed text cannot be searched for, so that a test of its bytes would prove nothing.
        con.execute("pragma force_compression = 'uncompressed'")
        refresh(con, *rest)  # type: ignore[arg-type]
        con.execute("pragma force_compression = 'auto'")

    monkeypatch.setattr(texts, "refresh", plainly)
    assert _found(build(tmp_path, store, story.FIRST).path, secrets) == 4000
    warehouse.publish(tmp_path, night=story.FIRST, now=story.moment(story.FIRST))
    for key in range(1, 4001):
        store.delete(key)
    assert _found(build(tmp_path, store, story.FIRST).path, secrets) == 0


def _found(path: Path, secrets: list[bytes]) -> int:
    held = path.read_bytes()
    return sum(secret in held for secret in secrets)
