"""Which night and which days a run is about, told apart from the scheduler so that it can be tested without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.errors import ConfigError
from pipeline.model import night_of


@dataclass(frozen=True, slots=True)
class Tonight:
    """What one run is asked for: collect `first` to `last` (both included), then build and publish as of `night`.

    `now` (with a zone) is when the run started: a run, its retries and its shards all live in that one moment.
    """

    night: date
    first: date
    last: date
    catalogue: str
    now: datetime


def night_of_run(partition_key: str | None, params: Mapping[str, object], moment: datetime | None) -> date:
    """The night a run is for: its partition key, else its `night` parameter, else the last night over at `moment`.

    A parameter is a person's word and wins over the logical date, which `airflow dags test` and the Trigger button
    set to the present; the key comes first because two runs of one key would otherwise write different nights.
    Raises ConfigError when nothing tells, or when what tells is not a date.
    """
    if partition_key:
        return _day(partition_key, "partition key")
    if given := params.get("night"):
        return _day(given, "night")
    if moment is None:
        raise ConfigError(
            'this run has no partition key, no logical date and no parameter: give {"night": "YYYY-MM-DD"}'
        )
    return night_of(moment) - timedelta(days=1)


def tonight(partition_key: str | None, params: Mapping[str, object], moment: datetime | None, now: datetime) -> Tonight:
    """Read a run's key and parameters (`night`, `from`, `to`, `catalogue`) into what the steps are called with.

    Without `from` and `to` the one night is collected; `to` defaults to the night, and `from` to `to`. A range fills
    the past and never moves the night: the figures are still built as of the last one. Raises ConfigError for a range
    that runs backwards.
    """
    night = night_of_run(partition_key, params, moment)
    last = _given(params, "to") or night
    first = _given(params, "from") or last
    if last < first:
        raise ConfigError(f"from {first} to {last} runs backwards: write from <= to")
    return Tonight(night, first, last, str(params.get("catalogue") or "brands"), now)


def _given(params: Mapping[str, object], name: str) -> date | None:
    value = params.get(name)
    return _day(value, name) if value else None


def _day(value: object, name: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ConfigError(f"{name} is {value!r}: write a day as YYYY-MM-DD") from error
