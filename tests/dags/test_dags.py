"""What Airflow reads in dags/: cheap to parse, complete, and in the order the house wants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.collect._bluesky_places import LOOK_BACK_HOURS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"duckdb", "pyarrow", "numpy", "onnxruntime", "tokenizers", "httpx", "tweepy", "praw", "pandas"}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("airflow")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "RAYONNER"))}
    env |= {"AIRFLOW_HOME": str(home), "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", Path(__file__).with_name("describe.py")],
        env=env, cwd=home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture(scope="module")
def tasks(read: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = read["dags"]["nightly"]["tasks"]
    return found


def test_every_file_is_read_without_an_error(read: Mapping[str, Any]) -> None:
    assert read["errors"] == {}
    assert set(read["dags"]) == {"alert", "nightly", "upkeep", "weekly"}


def test_parsing_costs_less_than_half_a_second_and_nothing_heavy(read: Mapping[str, Any]) -> None:
    # Of the pipeline, only the errors that the retry rules name.
    assert {name for name in read["imported"] if name.startswith("pipeline")} <= {"pipeline", "pipeline.errors"}
    assert not HEAVY & {name.partition(".")[0] for name in read["imported"]}
    assert read["seconds"] < 0.5


def test_the_night_is_the_partition_key_in_paris(read: Mapping[str, Any]) -> None:
    timetable = read["dags"]["nightly"]["timetable"]
    assert timetable["class"] == "CronPartitionTimetable"
    assert (timetable["expression"], timetable["timezone"]) == ("0 3 * * *", "Europe/Paris")
    assert (timetable["run_offset"], timetable["key_format"]) == ("-1", "%Y-%m-%d")


def test_runs_do_not_overlap_and_nothing_is_caught_up_unasked(read: Mapping[str, Any]) -> None:
    for dag in read["dags"].values():
        assert dag["max_active_runs"] == 1
        assert dag["catchup"] is False


def test_everything_says_what_it_is_for(read: Mapping[str, Any]) -> None:
    for dag in read["dags"].values():
        assert dag["doc"].startswith("### ")
        assert "rayonner" in dag["tags"]
        assert all(task["doc"] for task in dag["tasks"].values())


def test_a_range_and_a_catalogue_may_be_asked_for(read: Mapping[str, Any]) -> None:
    assert set(read["dags"]["nightly"]["params"]) == {"night", "from", "to", "catalogue"}


def test_errors_decide_the_retries_by_the_name_of_their_class(tasks: Mapping[str, Any]) -> None:
    for name in set(tasks) - {"all_well"}:
        rules = {rule["exception"]: rule["action"] for rule in tasks[name]["policy"]["rules"]}
        assert rules == {"pipeline.errors.FatalError": "fail", "pipeline.errors.RetriableError": "retry"}
        assert tasks[name]["retries"] >= 3


def test_a_failed_source_stops_neither_the_others_nor_the_figures(tasks: Mapping[str, Any]) -> None:
    assert tasks["one_source.collect"]["mapped"]
    assert tasks["score"]["rule"] == "all_done"
    assert (tasks["build"]["after"], tasks["build"]["rule"]) == (["score"], "all_success")
    assert (tasks["publish"]["after"], tasks["publish"]["rule"]) == (["build"], "all_success")


def test_a_failed_source_turns_the_run_red(tasks: Mapping[str, Any]) -> None:
    leaves = set(tasks) - {name for task in tasks.values() for name in task["after"]}
    assert leaves == {"all_well"}
    assert tasks["all_well"]["rule"] == "all_success"
    assert tasks["all_well"]["after"] == ["one_source.collect", "publish"]


def test_the_published_file_is_written_by_one_at_a_time_and_is_an_asset(tasks: Mapping[str, Any]) -> None:
    assert tasks["build"]["at_once"] == tasks["publish"]["at_once"] == 1
    assert tasks["publish"]["outlets"] == ["rayonner://published/"]  # as Airflow writes it


def test_the_digest_is_sent_on_mondays_at_half_past_seven_in_paris(read: Mapping[str, Any]) -> None:
    weekly = read["dags"]["weekly"]
    assert weekly["timetable"]["class"] == "CronDataIntervalTimetable"
    assert (weekly["timetable"]["expression"], weekly["timetable"]["timezone"]) == ("30 7 * * 1", "Europe/Paris")
    assert set(weekly["params"]) == {"week", "brand", "catalogue"}


def test_an_alert_leaves_the_same_morning_and_errors_decide_its_retries(read: Mapping[str, Any]) -> None:
    alert = read["dags"]["alert"]
    assert alert["timetable"]["class"] == "CronDataIntervalTimetable"
    assert (alert["timetable"]["expression"], alert["timetable"]["timezone"]) == ("30 7 * * *", "Europe/Paris")
    assert set(alert["params"]) == {"night", "brand", "catalogue"}
    assert alert["tasks"]["send"]["retries"] >= 3 and alert["tasks"]["send"]["policy"]


def test_posts_are_followed_twice_a_day_as_the_step_counts_on(read: Mapping[str, Any]) -> None:
    from pipeline.steps.follow_up import Followed  # noqa: F401  loads the module behind the function

    step = sys.modules["pipeline.steps.follow_up"]
    timetable = read["dags"]["upkeep"]["timetable"]
    assert (timetable["expression"], timetable["timezone"]) == ("30 4,16 * * *", "Europe/Paris")
    assert step.EVERY.total_seconds() / 3600 == 16 - 4


def test_a_source_that_cannot_be_followed_does_not_keep_what_has_expired(read: Mapping[str, Any]) -> None:
    upkeep = read["dags"]["upkeep"]["tasks"]
    assert upkeep["follow_up"]["mapped"] and upkeep["follow_up"]["after"] == ["sources"]
    assert (upkeep["expire"]["after"], upkeep["expire"]["rule"]) == (["follow_up"], "all_done")
    leaves = set(upkeep) - {name for task in upkeep.values() for name in task["after"]}
    assert leaves == {"all_well"} and upkeep["all_well"]["rule"] == "all_success"
    assert {"follow_up", "expire"} <= set(upkeep["all_well"]["after"])


def test_a_failed_source_is_tried_on_while_the_stream_still_has_the_whole_night(read: Mapping[str, Any]) -> None:
    again = read["dags"]["upkeep"]["tasks"]["ask_again"]
    assert again["mapped"] and again["after"] == ["sources"]
    waits = [min(again["delay_s"] * 2**number, 3_600) for number in range(again["retries"])]
    last_try = 4.5 + sum(waits) / 3_600
    gone = int(LOOK_BACK_HOURS) - 24  # the hour from which the night's beginning has left the stream
    assert gone - 2 < last_try < gone
    assert "ask_again" in read["dags"]["upkeep"]["tasks"]["all_well"]["after"]
