"""YouTube from the settings to the store: a night without searches, found by the next, is followed from then on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import settings, steps, store
from pipeline.errors import RateLimitedError
from tests.collect.loopback import Asked, Reply, serving
from tests.collect.replay_youtube import comment, found, name, refused, thread, video
from tests.collect.test_youtube import listed, said

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
NIGHT, DAY = date(2026, 5, 29), timedelta(days=1)


def three_o_clock(night: date) -> datetime:
    return datetime(night.year, night.month, night.day, 1, tzinfo=UTC) + DAY


class YouTube:
    """One video of the 29th, found by whoever searches that day, and a comment a day under it; `spent` is the quota."""

    def __init__(self) -> None:
        self.spent = True

    def __call__(self, asked: Asked) -> Reply:
        if asked.path.endswith("/search"):
            if self.spent:
                return refused(403, "quotaExceeded")
            return said(found(1) if asked.query["publishedAfter"].startswith("2026-05-28T22") else {"items": []})
        if asked.path.endswith("/commentThreads"):
            return listed(*(thread(comment(f"d{day}", day=day), 1) for day in (31, 30, 29)))
        if asked.path.endswith("/videos"):
            return said({"items": [video(1, day=29)]})
        return said({"items": [{"id": "UCville", "snippet": {"title": "La ville", "customUrl": "@laville"}}]})


def test_comments_come_after_an_outage_that_the_next_night_made_up_for(tmp_path: Path) -> None:
    (tmp_path / "brands").mkdir()
    brand = (ROOT / "brands" / "just-dijon.toml").read_text("utf-8")
    (tmp_path / "brands" / "just-dijon.toml").write_text(re.sub(r"(?m)^peers = .*$", "peers = []", brand), "utf-8")
    youtube = YouTube()
    with serving(youtube) as server:
        given = settings.load(
            {
                **{"RAYONNER_HOME": str(tmp_path / "var"), "RAYONNER_AUTHOR_KEY": "ab" * 32},
                **{"RAYONNER_BRANDS": str(tmp_path / "brands"), "RAYONNER_BUDGET": "youtube:units=100000"},
                **{"RAYONNER_YOUTUBE_KEY": "SECRET", "RAYONNER_YOUTUBE_URL": server.base},
            }
        )
        with pytest.raises(RateLimitedError):
            steps.collect(given, "youtube", NIGHT, NIGHT, now=three_o_clock(NIGHT))
        youtube.spent = False
        done = steps.collect(given, "youtube", NIGHT + DAY, NIGHT + DAY, now=three_o_clock(NIGHT + DAY))
        assert done.again == [NIGHT]
        last = steps.collect(given, "youtube", NIGHT + 2 * DAY, NIGHT + 2 * DAY, now=three_o_clock(NIGHT + 2 * DAY))
        assert last.new == 1, "the comment of the 31st, under a video that only a night asked again has found"
        cursor = store.cursor(store.connect(given.store_url), "youtube", "night")
        assert cursor and name(1) in cursor
