"""Which night a run is for, without a scheduler."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.model import night_of
from pipeline.night import Tonight, night_of_run, tonight

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def test_the_partition_key_is_the_night_whatever_else_is_said() -> None:
    assert night_of_run("2026-05-30", {"night": "2026-01-01"}, NOW) == date(2026, 5, 30)


def test_a_parameter_wins_over_the_logical_date() -> None:
    assert night_of_run(None, {"night": "2026-01-01"}, NOW) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (NOW, date(2026, 5, 31)),  # 03:00 in Paris: the timetable's own hour
        (datetime(2026, 5, 31, 21, 59, tzinfo=UTC), date(2026, 5, 30)),  # 23:59 in Paris: the 31st is not over
        (datetime(2026, 5, 31, 22, 0, tzinfo=UTC), date(2026, 5, 31)),  # midnight in Paris
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), date(2026, 3, 28)),  # the hour the clocks went forward
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 24)),  # the hour that happens twice
    ],
)
def test_without_either_it_is_the_last_night_that_was_over(moment: datetime, night: date) -> None:
    assert night_of_run(None, {}, moment) == night


# st.datetimes wants bounds without a zone and adds it itself.
@given(st.datetimes(datetime(2000, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_night_is_never_collected_before_it_is_over(moment: datetime) -> None:
    assert night_of_run(None, {}, moment) + timedelta(days=1) == night_of(moment)


def test_nothing_to_tell_the_night_is_an_error_with_its_cure() -> None:
    with pytest.raises(ConfigError, match="YYYY-MM-DD"):
        night_of_run(None, {}, None)


@pytest.mark.parametrize("text", ["31/05/2026", "2026-02-30", "yesterday", "2026-5-1"])
def test_what_is_not_a_day_is_an_error_that_names_its_place(text: str) -> None:
    with pytest.raises(ConfigError, match="partition key"):
        night_of_run(text, {}, NOW)
    with pytest.raises(ConfigError, match="from"):
        tonight(None, {"from": text}, NOW, NOW)


@pytest.mark.parametrize(
    ("params", "first", "last"),
    [
        ({}, date(2026, 5, 31), date(2026, 5, 31)),
        ({"from": "2026-05-25"}, date(2026, 5, 25), date(2026, 5, 31)),
        ({"to": "2026-05-30"}, date(2026, 5, 30), date(2026, 5, 30)),
        ({"from": "2026-01-05", "to": "2026-01-11"}, date(2026, 1, 5), date(2026, 1, 11)),
    ],
)
def test_a_range_fills_the_past_and_does_not_move_the_night(params: dict[str, str], first: date, last: date) -> None:
    empty = {"night": None, "from": None, "to": None, "catalogue": None}
    assert tonight(None, empty | params, NOW, NOW) == Tonight(date(2026, 5, 31), first, last, "brands", NOW)


def test_a_range_that_runs_backwards_is_an_error() -> None:
    with pytest.raises(ConfigError, match="backwards"):
        tonight("2026-05-31", {"from": "2026-06-01"}, NOW, NOW)


def test_the_catalogue_is_passed_on() -> None:
    assert tonight("2026-05-31", {"catalogue": "national"}, NOW, NOW).catalogue == "national"
