"""Nights that are cut short: what came is kept, the next run asks again, and what comes late is counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import brands, settings, steps, store
from pipeline.collect import Ask, Cost, sample
from pipeline.errors import CredentialError, UnavailableError
from tests.steps import _voice
from tests.steps._voice import post

NIGHT = date(2026, 5, 20)
DAY = timedelta(days=1)
AWAY = UnavailableError("away")


def morning(night: date) -> datetime:
    return datetime(night.year, night.month, night.day, 1, tzinfo=UTC) + DAY


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> _voice.Voice:
    return _voice.speaking(monkeypatch)


@pytest.fixture
def given(tmp_path: Path) -> settings.Settings:
    return settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32})


def collect(given: settings.Settings, night: date, now: datetime | None = None) -> steps.Collected:
    return steps.collect(given, "sample", night, night, now=now or morning(night))


def rows(given: settings.Settings) -> dict[date, tuple[str, int, int | None]]:
    """Of each night: status, mentions of Dijon kept, and late ones."""
    engine = store.connect(given.store_url)
    return {row.night: (row.status, row.kept, row.late) for row in store.ledger(engine, brand="just-dijon")}


def held(given: settings.Settings) -> int:
    return store.counts(store.connect(given.store_url))["posts"]


def spend(posts: int):
    return lambda ask: ask.purse.take(Cost(posts=posts), ["just-dijon"])


def with_budget(given: settings.Settings, text: str) -> settings.Settings:
    return settings.load({**given.environ, "RAYONNER_BUDGET": text})


def test_the_budget_ends_a_night_without_failing_it_and_keeps_what_came(given, voice, caplog) -> None:
    listened = len(list(given.brands.glob("*.toml")))
    voice.nights[NIGHT] = [spend(5), post(NIGHT, 1), post(NIGHT, 2), spend(6), post(NIGHT, 3)]
    done = collect(with_budget(given, f"sample:posts={10 * listened}"), NIGHT)
    assert (list(done.short), done.failed, held(given)) == ([NIGHT], {}, 2)
    assert rows(given) == {NIGHT: ("budget", 2, None)}
    error = store.ledger(store.connect(given.store_url), brand="just-dijon")[0].error
    assert (
        error
        and error.startswith("BudgetError: sample: what is left of this month's posts")
        and "RAYONNER_BUDGET" in error
    )


def test_the_next_night_resumes_one_that_the_budget_ended(given, voice) -> None:
    tight, wide = with_budget(given, "sample:posts=0"), with_budget(given, "sample:posts=10000")
    voice.nights[NIGHT] = [post(NIGHT, 1), spend(5), post(NIGHT, 2)]
    collect(tight, NIGHT)
    voice.nights[NIGHT + DAY] = [spend(5), post(NIGHT + DAY, 1)]
    done = collect(wide, NIGHT + DAY)
    assert (done.again, voice.asked) == ([NIGHT], [NIGHT, NIGHT + DAY, NIGHT])
    assert rows(given) == {NIGHT: ("complete", 2, 1), NIGHT + DAY: ("complete", 1, None)}


def test_a_failure_half_way_keeps_what_came_before(given, voice) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 1), AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    assert (held(given), rows(given)) == (1, {NIGHT: ("failed", 1, None)})


def test_late_posts_are_counted_once_whatever_is_run_again(given, voice) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 1), AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    # Airflow's second try of the same morning is the night's own run.
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2), AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT, morning(NIGHT) + timedelta(minutes=5))
    assert rows(given)[NIGHT] == ("failed", 2, None)
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(1, 6)]
    for _ in range(2):
        collect(given, NIGHT + DAY)
    assert rows(given)[NIGHT] == ("complete", 5, 3)
    collect(given, NIGHT, morning(NIGHT) + 9 * DAY)
    assert rows(given)[NIGHT] == ("complete", 5, 3)


def test_last_night_comes_first_and_its_cursor_stands(given, voice) -> None:
    for back in (3, 2, 1):
        voice.nights[NIGHT - back * DAY] = [AWAY]
        with pytest.raises(UnavailableError):
            collect(given, NIGHT - back * DAY)
    seen: list[str | None] = []
    for back in (2, 1):
        voice.nights[NIGHT - back * DAY] = [lambda ask: seen.append(ask.cursor)]
    voice.asked.clear()
    done = collect(given, NIGHT)
    assert (voice.asked, done.again) == ([NIGHT, NIGHT - DAY, NIGHT - 2 * DAY], [NIGHT - DAY, NIGHT - 2 * DAY])
    assert rows(given)[NIGHT - 3 * DAY][0] == "failed"
    assert seen == [f"after {NIGHT}"] * 2
    assert store.cursor(store.connect(given.store_url), "sample", "night") == f"after {NIGHT}"


def test_what_is_whole_or_partial_and_paid_is_not_asked_for_again(given, voice) -> None:
    def truncated(ask: Ask) -> None:
        ask.truncated = True

    voice.nights[NIGHT] = [truncated]
    paying = with_budget(given, "sample:requests=5")
    collect(paying, NIGHT)
    assert collect(paying, NIGHT + DAY).again == []
    assert collect(given, NIGHT + DAY).again == [NIGHT]


def test_a_run_for_the_past_or_without_days_asks_for_nothing_more(given, voice) -> None:
    voice.nights[NIGHT] = [AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    assert collect(given, NIGHT + DAY, morning(NIGHT + 5 * DAY)).again == []
    assert collect(replace(given, recollect_days=0), NIGHT + DAY).again == []


def test_a_source_that_is_down_tonight_is_left_in_peace(given, voice) -> None:
    voice.nights = {NIGHT: [AWAY], NIGHT + DAY: [AWAY]}
    for night in (NIGHT, NIGHT + DAY):
        with pytest.raises(UnavailableError):
            collect(given, night)
    assert voice.asked == [NIGHT, NIGHT + DAY]


def test_an_older_night_that_fails_again_does_not_undo_last_night(given, voice) -> None:
    voice.nights[NIGHT] = [AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    for trouble in (AWAY, CredentialError("refused")):
        voice.nights[NIGHT] = [trouble]
        collect(given, NIGHT + DAY)
        assert {night: row[0] for night, row in rows(given).items()} == {NIGHT: "failed", NIGHT + DAY: "complete"}


def test_the_same_weekdays_say_what_to_expect(given, voice) -> None:
    for week in range(4):
        night = NIGHT + 7 * week * DAY
        voice.nights[night] = [post(night, number) for number in range(2 * week + 1)]
        collect(given, night)
    later = NIGHT + 28 * DAY
    collect(given, later)
    told = {row.night: row.expected for row in store.ledger(store.connect(given.store_url), brand="just-dijon")}
    assert told[NIGHT + 21 * DAY] is None
    assert told[later] == 4  # the median of 1, 3, 5, 7


def test_a_sources_own_counts_come_before_the_habit_and_warn_of_the_bill(given, voice, monkeypatch, caplog) -> None:
    monkeypatch.setattr(sample, "expected", lambda window, queries, ask: {"just-dijon": 70}, raising=False)
    collect(with_budget(given, "sample:posts=60"), NIGHT)
    assert store.ledger(store.connect(given.store_url), brand="just-dijon")[0].expected == 70
    assert "70 posts foreseen; 60 of posts remain for 70" in caplog.text


def test_a_forecast_that_fails_does_not_cost_the_night(given, voice, monkeypatch) -> None:
    def lost(*_: object) -> dict[str, int]:
        raise AWAY

    monkeypatch.setattr(sample, "expected", lost, raising=False)
    voice.nights[NIGHT] = [post(NIGHT, 1)]
    collect(given, NIGHT)
    assert rows(given) == {NIGHT: ("complete", 1, None)}


def test_each_brand_pays_its_own_part_and_a_night_asked_again_costs_more(given, voice) -> None:
    paid = lambda ask: ask.purse.take(Cost(micros=7), ["just-dijon", "la-manche"])  # noqa: E731
    voice.nights[NIGHT] = [paid, AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    voice.nights[NIGHT] = [paid]
    collect(given, NIGHT + DAY)
    ledger = [row for row in store.ledger(store.connect(given.store_url)) if row.night == NIGHT]
    costs = {row.brand: row.cost_micros for row in ledger if row.cost_micros}
    assert sum(costs.values()) == 14 and set(costs) == {"just-dijon", "la-manche"}


def test_a_brand_whose_part_was_whole_is_not_asked_for_twice(given, voice) -> None:
    def cut(ask: Ask) -> None:
        ask.cut.add("la-manche")
        ask.truncated = True

    voice.nights[NIGHT] = [post(NIGHT, 1), cut]
    collect(given, NIGHT)
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2)]
    collect(given, NIGHT + DAY)
    assert voice.asked_for[-1] == {"la-manche"} and voice.asked[-1] == NIGHT
    assert rows(given)[NIGHT] == ("complete", 1, 1)
    engine = store.connect(given.store_url)
    assert {row.status for row in store.ledger(engine, since=NIGHT, until=NIGHT)} == {"complete"}


def test_nobody_asks_for_brands_that_are_no_longer_listened_to(given, voice, monkeypatch) -> None:
    voice.nights[NIGHT] = [AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    others = [brand for brand in _voice.listened("brands", given.brands) if brand.slug == "lille"]
    engine = store.connect(given.store_url)
    kept = [row for row in store.ledger(engine) if row.brand != "lille"]
    with engine.begin() as connection:
        connection.exec_driver_sql("delete from ledger where brand = 'lille'")
    monkeypatch.setattr(brands, "catalogue", lambda which, folder: others)
    assert (collect(given, NIGHT + DAY).again, len(kept) > 1) == ([], True)
