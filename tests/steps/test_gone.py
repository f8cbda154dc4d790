"""Deletions told while collecting: what is kept here goes, whatever the order, and the rest takes no room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import settings, store
from pipeline.collect import Gone
from pipeline.steps import _gone
from tests.steps import _voice
from tests.steps._voice import post
from tests.steps.test_nights_again import DAY, NIGHT, collect, morning

LATER: date = NIGHT + DAY


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> _voice.Voice:
    return _voice.speaking(monkeypatch)


@pytest.fixture
def given(tmp_path: Path) -> settings.Settings:
    return settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32})


def tell(*gone: Gone):
    return lambda ask: [ask.gone.append(one) for one in gone]


def kept(given: settings.Settings) -> set[str]:
    engine = store.connect(given.store_url)
    return {str(row["post_id"]) for part in store.changes(engine, "post", 0) for row in part}


def traces(given: settings.Settings) -> list[dict[str, object]]:
    engine = store.connect(given.store_url)
    return [row for part in store.changes(engine, "deletion", 0) for row in part]


def test_a_post_of_this_very_night_and_one_of_another_go(given, voice) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2)]
    collect(given, NIGHT)
    at = morning(NIGHT)
    voice.nights[LATER] = [
        post(LATER, 1), tell(Gone("21-1"), Gone("20-2", at=at), Gone("unknown"), Gone("unknown")), post(LATER, 2),
    ]  # fmt: skip
    collect(given, LATER)
    assert kept(given) == {"20-1", "21-2"}
    assert {(row["source"], row["gone_after"] == at) for row in traces(given)} == {("sample", True), ("sample", False)}
    reasons = store.ledger(store.connect(given.store_url), since=LATER)[0].reasons
    assert reasons == {"hint:deleted": 2}


def test_an_author_who_leaves_takes_the_posts_of_all_nights(given, voice) -> None:
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(6)]
    collect(given, NIGHT)
    voice.nights[LATER] = [post(LATER, 1), post(LATER, 2), tell(Gone(author_id="author-1"))]
    collect(given, LATER)
    assert kept(given) == {"20-0", "20-2", "20-3", "20-5", "21-2"}


def test_deletions_of_a_whole_network_take_no_room(given, voice, monkeypatch) -> None:
    monkeypatch.setattr(_gone.Gathered, "__init__", _bounded)
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2)]
    collect(given, NIGHT)
    sizes: list[int] = []
    strangers = [Gone(f"stranger-{n}", at=morning(NIGHT)) for n in range(95)]

    def flood(ask) -> None:
        for one in [*strangers, Gone("21-1"), Gone("20-1"), *strangers]:
            ask.gone.append(one)
            sizes.append(len(ask.gone))

    voice.nights[LATER] = [post(LATER, 1), flood]
    collect(given, LATER)
    assert kept(given) == {"20-2"}
    assert max(sizes) <= 12
    assert len(traces(given)) == 2


def _bounded(self, of_use, most: int = 10) -> None:
    list.__init__(self)
    self._of_use, self._most, self._sifted = of_use, most, 0


def test_deletions_of_a_night_without_posts_are_applied(given, voice) -> None:
    voice.nights = {NIGHT: [post(NIGHT, 1)], LATER: [tell(Gone("20-1"))]}
    collect(given, NIGHT)
    collect(given, LATER)
    assert kept(given) == set()
    collect(given, NIGHT, morning(LATER))
    assert kept(given) == set()
