"""History is read again by today's program: what changes is written, and a second time nothing is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import match, steps, store
from pipeline.score import image
from pipeline.settings import Settings
from tests.steps import _night

NIGHT = date(2026, 3, 16)


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    settings = _night.settings_of(tmp_path)
    steps.collect(settings, "sample", NIGHT, NIGHT, now=_night.NOW)
    steps.score(settings, now=_night.NOW, tier="fast")
    return settings


def mentions(settings: Settings) -> list[dict[str, object]]:
    engine = store.connect(settings.store_url)
    return [row for part in store.changes(engine, "mention", 0) for row in part]


def test_every_mention_in_a_language_we_read_carries_its_tags(given):
    signs = [row for row in mentions(given) if str(row["scorer"]).startswith("signs/")]
    assert all(row["image_version"] is None for row in signs), "a verdict of signs alone is in no language"
    scored = [row for row in mentions(given) if row["label"] and row not in signs]
    assert scored and {row["image_version"] for row in scored} == {image.VERSION}
    assert {row["themes"] for row in scored} > {""}
    assert all(row["themes"] is None for row in mentions(given) if row["scorer"] is None)


def test_scoring_again_changes_nothing(given):
    before = mentions(given)
    assert steps.score(given, now=_night.NOW, tier="fast", again=True) == 0
    assert mentions(given) == before


def test_what_a_scorer_has_read_is_left_alone(given):
    names = {str(row["scorer"]) for row in mentions(given) if row["scorer"]}
    seen: list[int] = []
    for name in names:
        steps.score(given, now=_night.NOW, tier="fast", scorer=name, progress=seen.append)
    accepted = sum(bool(row["scorer"]) for row in mentions(given))
    assert sum(seen) == accepted * (len(names) - 1)


def test_matching_again_with_the_same_rules_reads_nothing(given):
    assert steps.rematch(given) == steps.Rematched(0, 0)


def test_new_rules_read_everything_once(given, monkeypatch):
    monkeypatch.setattr(match, "VERSION", "match/next")
    posts = store.counts(store.connect(given.store_url))["posts"]
    assert steps.rematch(given) == steps.Rematched(posts, 0)
    assert {row["matcher"].partition("+")[0] for row in mentions(given)} == {"match/next"}
    assert steps.rematch(given) == steps.Rematched(0, 0)
    assert steps.score(given, now=_night.NOW, tier="fast") == 0
