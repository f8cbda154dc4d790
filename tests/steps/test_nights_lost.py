"""Nights that nobody finished or began: killed, broken by a bug, or missed while the machine was down."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import settings, steps, store
from pipeline.collect import Ask, sample
from pipeline.errors import SchemaError, UnavailableError
from pipeline.store.nights import NOT_FINISHED
from tests.steps import _voice
from tests.steps._voice import post
from tests.steps.test_nights_again import AWAY, DAY, NIGHT, collect, held, morning, rows

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> _voice.Voice:
    return _voice.speaking(monkeypatch)


@pytest.fixture
def given(tmp_path: Path) -> settings.Settings:
    return settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32})


def statuses(given: settings.Settings) -> dict[date, str]:
    return {night: row[0] for night, row in rows(given).items()}


KILLED = f"""
import sys
from datetime import date, datetime
from pipeline import settings, steps
from pipeline.collect import sample

def posts(window, queries, ask):
    print("asked", flush=True)
    sys.stdin.read()
    yield

sample.posts = posts
given = settings.load({{"RAYONNER_HOME": sys.argv[1], "RAYONNER_AUTHOR_KEY": "{"ab" * 32}"}})
steps.collect(given, "sample", date.fromisoformat(sys.argv[2]), date.fromisoformat(sys.argv[2]),
              now=datetime.fromisoformat(sys.argv[3]))
"""


def test_a_night_killed_under_way_stands_as_failed_and_is_asked_again(given, voice, tmp_path) -> None:
    told = [sys.executable, "-c", KILLED, str(tmp_path), NIGHT.isoformat(), morning(NIGHT).isoformat()]
    with subprocess.Popen(told, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout and child.stdout.readline() == "asked\n"
        child.send_signal(signal.SIGKILL)
    ledger = store.ledger(store.connect(given.store_url))
    assert {(row.status, row.error) for row in ledger} == {("failed", NOT_FINISHED)}
    assert len(ledger) == len(list(given.brands.glob("*.toml")))
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2)]
    assert collect(given, NIGHT + DAY).again == [NIGHT]
    assert rows(given)[NIGHT] == ("complete", 2, None), "what a night that never ended brings is not late"


def test_a_bug_loses_no_night_and_does_not_undo_a_later_one(given, voice) -> None:
    collect(given, NIGHT)
    voice.nights[NIGHT + DAY] = [post(NIGHT + DAY, 1), ZeroDivisionError("a bug")]
    with pytest.raises(ZeroDivisionError):
        collect(given, NIGHT + DAY)
    assert statuses(given)[NIGHT + DAY] == "failed"
    assert collect(given, NIGHT + 2 * DAY).again == [], "the bug is still there"
    assert statuses(given) == {NIGHT: "complete", NIGHT + DAY: "failed", NIGHT + 2 * DAY: "complete"}
    voice.nights[NIGHT + DAY] = [post(NIGHT + DAY, number) for number in range(3)]
    assert collect(given, NIGHT + 3 * DAY).again == [NIGHT + DAY]
    assert (statuses(given)[NIGHT + DAY], held(given)) == ("complete", 3)


def test_nights_missed_while_the_machine_was_down_are_asked_for(given, voice) -> None:
    for back in range(3):
        voice.nights[NIGHT + back * DAY] = [post(NIGHT + back * DAY, 1)]
    collect(given, NIGHT - DAY)
    done = collect(given, NIGHT + 2 * DAY)
    assert done.again == [NIGHT + DAY, NIGHT]
    assert rows(given)[NIGHT] == ("complete", 1, None)
    assert held(given) == 3
    assert collect(given, NIGHT + 2 * DAY).again == []


def test_nights_before_the_first_or_of_what_costs_by_the_post_are_not_missed(given, voice, monkeypatch) -> None:
    assert collect(given, NIGHT).again == []
    monkeypatch.setattr(sample, "POST_MICROS", 5_000, raising=False)
    paying = settings.load({**given.environ, "RAYONNER_BUDGET": "sample:posts=100"})
    assert collect(paying, NIGHT + 2 * DAY).again == []
    monkeypatch.delattr(sample, "POST_MICROS")
    assert collect(paying, NIGHT + 2 * DAY).again == [NIGHT + DAY]


def test_a_source_that_was_off_was_not_missed(given, voice, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sample, "NEEDS", ("RAYONNER_NO_SUCH_KEY",))
        collect(given, NIGHT)
        assert collect(given, NIGHT + 2 * DAY).again == []
    assert collect(given, NIGHT + 3 * DAY).again == []
    assert statuses(given) == {NIGHT: "off", NIGHT + 2 * DAY: "off", NIGHT + 3 * DAY: "complete"}


def test_a_partial_night_is_asked_again_where_that_may_bring_something(given, voice) -> None:
    def short(hint: str, fault: str | None = None):
        def happen(ask: Ask) -> None:
            ask.truncated = True
            ask.hint(hint)
            if fault:
                ask.skip(fault)

        return happen

    voice.nights[NIGHT] = [short("feed_too_short")]
    voice.nights[NIGHT + DAY] = [short("feed_too_short", "feed_lost")]
    for night in (NIGHT, NIGHT + DAY):
        assert collect(given, night).again == []
    assert collect(given, NIGHT + 2 * DAY).again == [NIGHT + DAY]


def test_a_memory_grows_by_a_night_asked_again(given, voice, monkeypatch) -> None:
    monkeypatch.setattr(sample, "REMEMBERS", True, raising=False)
    voice.nights[NIGHT] = [AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    voice.nights[NIGHT] = []
    collect(given, NIGHT + DAY)
    assert store.cursor(store.connect(given.store_url), "sample", "night") == f"after {NIGHT}"


def test_a_failed_night_is_asked_once_more_in_the_hours_after(given, voice) -> None:
    ask_again = lambda hours: steps.collect_again(given, "sample", NIGHT, now=morning(NIGHT) + hours * HOUR)  # noqa: E731
    voice.nights[NIGHT] = [AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    with pytest.raises(UnavailableError):
        ask_again(2)
    voice.nights[NIGHT] = [post(NIGHT, 1)]
    assert ask_again(3).again == [NIGHT]
    assert rows(given)[NIGHT][:2] == ("complete", 1)
    asked = len(voice.asked)
    assert (ask_again(13).again, len(voice.asked)) == ([], asked), "what went well is left alone"


@pytest.mark.parametrize("dear", ["DAILY_QUOTA", "POST_MICROS"])
def test_what_is_dear_is_asked_again_at_night_alone(given, voice, monkeypatch, dear) -> None:
    given = settings.load({**given.environ, "RAYONNER_BUDGET": "sample:posts=100"})
    monkeypatch.setattr(sample, dear, 5_000, raising=False)
    voice.nights[NIGHT] = [AWAY]
    with pytest.raises(UnavailableError):
        collect(given, NIGHT)
    assert steps.collect_again(given, "sample", NIGHT, now=morning(NIGHT) + 13 * HOUR).again == []
    voice.nights[NIGHT] = []
    assert collect(given, NIGHT + DAY).again == [NIGHT]


def test_what_a_human_must_mend_is_not_told_twice(given, voice) -> None:
    voice.nights[NIGHT] = [SchemaError("another shape")]
    with pytest.raises(SchemaError):
        collect(given, NIGHT)
    done = steps.collect_again(given, "sample", NIGHT, now=morning(NIGHT) + HOUR)
    assert (done.again, list(done.failed)) == ([NIGHT], [NIGHT])


def test_a_night_that_may_be_under_way_is_left_alone_until_noon(given, voice) -> None:
    voice.nights[NIGHT] = [ZeroDivisionError("a bug")]
    collect(given, NIGHT - 2 * DAY)
    with pytest.raises(ZeroDivisionError):
        collect(given, NIGHT)
    voice.nights[NIGHT] = [post(NIGHT, 1)]
    for night in (NIGHT, NIGHT - DAY):  # one that was begun, and one that never was
        early, late = (morning(night) + hours * HOUR for hours in (2, 13))
        assert steps.collect_again(given, "sample", night, now=early).again == []
        assert steps.collect_again(given, "sample", night, now=late).again == [night]
    assert statuses(given)[NIGHT] == statuses(given)[NIGHT - DAY] == "complete"
