"""Attention by the step: days known, unknown and corrected; off without a contact; never undone by an outage."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline import brands as brand_files
from pipeline import settings as settings_room
from pipeline import steps, store
from pipeline.brands.articles import articles
from pipeline.errors import CredentialError
from pipeline.settings import ROOT, Settings
from pipeline.store import Attention
from tests.collect.loopback import Asked, Reply, serving

NOW = datetime(2026, 1, 9, 3, 30, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 6), date(2026, 1, 8)
# The nights of Paris that end in the small hours hold the days before them.
DAYS = [date(2026, 1, day) for day in (5, 6, 7)]


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    folder = tmp_path / "brands"
    folder.mkdir()
    for slug in ("just-dijon", "la-manche", "troyes", "lille", "bourges"):
        text = (ROOT / "brands" / f"{slug}.toml").read_text("utf8")
        (folder / f"{slug}.toml").write_text(re.sub(r"peers = \[[^\]]*\]", "", text), "utf8")
    env = {"RAYONNER_HOME": str(tmp_path), "RAYONNER_BRANDS": str(folder), "RAYONNER_CONTACT": "a@example.org"}
    return settings_room.load(env)


def asked_at(given: Settings, base: str) -> Settings:
    return replace(given, environ={**given.environ, "RAYONNER_WIKIMEDIA_URL": base})


def told(views: dict[int, int]) -> Reply:
    shown = [{"timestamp": f"202601{day:02}00", "views": number} for day, number in views.items()]
    return Reply(json.dumps({"items": shown}).encode())


def rows(given: Settings, brand: str) -> list[Attention]:
    return store.attention(store.connect(given.store_url), brand=brand)


def test_days_are_known_unknown_or_zero_and_a_later_answer_completes_them(given: Settings) -> None:
    answers = [told({5: 40}), told({5: 41, 7: 12})]
    with serving(lambda asked: answers[0] if "/Dijon/" in asked.path else Reply(b"{}", 404)) as server:
        here = asked_at(given, server.base)
        done = steps.attention(here, FIRST, LAST, now=NOW)
        assert {asked.path.split("/")[-4] for asked in server.asked} >= {"Dijon", "Manche_%28d%C3%A9partement%29"}
        assert (done.known, done.unknown, done.new) == (1, 14, 15)
        assert done.reasons["unknown_title"] == 4
        assert [row.views for row in rows(given, "just-dijon")] == [40, None, None]
        assert [row.day for row in rows(given, "just-dijon")] == DAYS
        answers.pop(0)
        assert steps.attention(here, FIRST, LAST, now=NOW).new == 3
        assert [row.views for row in rows(given, "just-dijon")] == [41, 0, 12]
        assert steps.attention(here, FIRST, LAST, now=NOW).new == 0


def test_a_failure_is_an_error_and_undoes_nothing(given: Settings) -> None:
    with serving(lambda asked: told({5: 3, 6: 4, 7: 5})) as server:
        steps.attention(asked_at(given, server.base), FIRST, LAST, now=NOW)
    before = rows(given, "troyes")

    def half(asked: Asked) -> Reply:
        return told({5: 9, 6: 9, 7: 9}) if "/Bourges/" in asked.path else Reply(b"{}", 403)

    with serving(half) as server, pytest.raises(CredentialError, match="wikimedia"):
        steps.attention(asked_at(given, server.base), FIRST, LAST, now=NOW)
    assert rows(given, "troyes") == before
    assert [row.views for row in rows(given, "bourges")] == [9, 9, 9]


def test_without_a_contact_it_is_off_and_nothing_is_asked(given: Settings) -> None:
    env = {name: value for name, value in given.environ.items() if "CONTACT" not in name}
    done = steps.attention(replace(given, environ=env), FIRST, LAST, now=NOW)
    assert done.off == ("RAYONNER_CONTACT",)
    assert not (given.home / "store.sqlite").exists()


def test_articles_come_from_the_brand_file_or_from_a_name_without_doubt(given: Settings) -> None:
    found = {brand.slug: articles(brand) for brand in brand_files.catalogue("brands", ROOT / "brands")}
    assert found["just-dijon"] == {"fr": ("Dijon",)}
    assert found["la-manche"] == {"fr": ("Manche (département)",)}
    assert found["haute-marne-respire-et-inspire"] == {"fr": ("Haute-Marne",)}
    assert found["savoie-mont-blanc"] == {"fr": ("Savoie (département)", "Haute-Savoie")}
    assert found["val-de-loire"] == {}
    national = {brand.slug: articles(brand) for brand in brand_files.catalogue("national", ROOT / "brands")}
    assert national["departement-86-vienne"] == {}
    assert national["commune-26362-valence"] == {}
    assert national["departement-44-loire-atlantique"] == {"fr": ("Loire-Atlantique",)}


def test_several_articles_of_a_language_add_up(given: Settings) -> None:
    path = given.brands / "troyes.toml"
    path.write_text(
        path.read_text("utf8") + '\n[attention]\narticles = ["Troyes", "en:Troyes", "Troyes_Champagne"]\n', "utf8"
    )
    with serving(lambda asked: told({5: 1, 6: 2, 7: 3})) as server:
        done = steps.attention(asked_at(given, server.base), FIRST, LAST, now=NOW, slug="troyes")
        assert len(server.asked) == 3
    assert [title.language for title in done.titles["troyes"]] == ["fr", "en"]
    assert [row.views for row in rows(given, "troyes") if row.lang == "fr"] == [2, 4, 6]


def test_a_range_that_runs_backwards_is_refused(given: Settings) -> None:
    with pytest.raises(ValueError, match="before the first"):
        steps.attention(given, LAST, FIRST, now=NOW)
