"""Who carries a brand: from the published file into the next one, and nobody who was forgotten since."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import steps, warehouse
from pipeline.errors import ConfigError
from tests.steps._night import settings_of
from tests.warehouse import story
from tests.warehouse.files import build

LAST = date(2026, 2, 3)
JANUARY = date(2026, 1, 15)
SQL = "select brand, author_number, carrier_rank, n, carrier_count, period from influence order by carrier_rank"


@pytest.fixture
def store() -> story.Store:
    """One author whom 20 others repeat in January."""
    made = story.Store()
    for offset in range(30):
        story.night(made, date.fromordinal(story.FIRST.toordinal() + offset))
    story.post(made, 1, story.FIRST, author_key=7)
    story.mention(made, 1, "dijon")
    for key in range(2, 22):
        story.post(made, key, story.FIRST, author_key=100 + key, kind="repost", repost_of_key=1)
        story.mention(made, key, "dijon")
    return made


def published(home: Path, store: story.Store) -> Path:
    build(home, store, LAST)
    return warehouse.publish(home, night=LAST, now=story.moment(LAST)).path


def test_what_is_found_is_in_the_next_build(tmp_path: Path, store: story.Store) -> None:
    published(tmp_path, store)
    given = settings_of(tmp_path)
    assert steps.influence(given, JANUARY) == {"dijon": 1}
    assert steps.influence(given, JANUARY) == {"dijon": 1}, "twice is once"
    path = published(tmp_path, store)
    assert warehouse.query(path, SQL)[1] == [("dijon", 7, 1, 1, 20, date(2026, 1, 1))]
    store.delete(1)
    assert warehouse.query(published(tmp_path, store), SQL)[1] == []


def test_all_ties_of_a_post_are_followed(tmp_path: Path, store: story.Store) -> None:
    story.post(store, 50, story.FIRST, author_key=8, handle_key=908)
    for key in range(2, 22):
        store.put("addressed", (key, 908), {"post_key": key, "handle_key": 908})
    published(tmp_path, store)
    assert steps.influence(settings_of(tmp_path), JANUARY) == {"dijon": 2}


def test_a_month_that_is_not_over_waits(tmp_path: Path, store: story.Store) -> None:
    published(tmp_path, store)
    with pytest.raises(ConfigError, match="2026-02 is not over in the published file, which ends on 2026-02-03"):
        steps.influence(settings_of(tmp_path), date(2026, 2, 1))
