"""YouTube's figures leave the store and the published file with the text; the nights are counted as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline import settings, steps
from pipeline.collect import sample, youtube
from pipeline.model import Engagement
from pipeline.warehouse.paths import BUILD_FILE
from tests.steps import _voice
from tests.steps._voice import post
from tests.steps.test_nights_again import DAY, collect, morning
from tests.warehouse.files import rows_of

NIGHT = date(2026, 4, 20)
KNOWN = "select count(*), count(interactions_latest), count(follower_count), count(reach_central) from fct_mention"


def published(given: settings.Settings, night: date) -> Path:
    steps.build(given, night, now=morning(night))
    return steps.publish(given, night, now=morning(night)).path


def known(path: Path, source: str) -> tuple[int, ...] | None:
    """Mentions, and how many of them have interactions, followers and reach."""
    with duckdb.connect(str(path), read_only=True) as file:
        return file.execute(f"{KNOWN} where source = ?", [source]).fetchone()


def test_the_next_build_takes_the_figures_out_as_a_full_one_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_TIER": "fast"})
    assert not youtube.LEGAL.combine_engagement and sample.LEGAL.combine_engagement
    voice = _voice.speaking(monkeypatch)
    seen = Engagement(post(NIGHT, 0).seen_at, likes=7, replies=2, views=500)
    voice.nights[NIGHT] = [
        replace(post(NIGHT, number), source=source, engagement=seen, author_followers=40)
        for number, source in enumerate(["youtube", "youtube", "sample"])
    ]
    collect(replace(given, retention_days=2), NIGHT)
    first = published(given, NIGHT + DAY)
    assert (known(first, "youtube"), known(first, "sample")) == ((2, 2, 2, 2), (1, 1, 1, 1))
    told = steps.upkeep(given, now=morning(NIGHT) + timedelta(days=3))
    assert (told["posts"], told["figures"]) == (3, 2)
    after = published(given, NIGHT + 4 * DAY)
    assert (known(after, "youtube"), known(after, "sample")) == ((2, 0, 0, 0), (1, 1, 1, 1))
    steps.build(given, NIGHT + 4 * DAY, now=morning(NIGHT + 4 * DAY), full=True)
    assert rows_of(tmp_path / BUILD_FILE) == rows_of(after)
