"""What the DAGs share: how a run is read, what may be asked of it, and when a task is tried again."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from _keys import with_keys
from airflow.sdk import ExceptionRetryPolicy, Param, RetryAction, RetryRule, get_current_context
from airflow.sdk.configuration import conf

if TYPE_CHECKING:
    from pipeline.night import Tonight
    from pipeline.settings import Settings

# Named as text, so that scheduling holds no error logic and parsing a DAG file imports nothing heavy. What is neither
# (a full disk, a bug) is retried as Airflow does by default: a try too many costs minutes, a lost night costs a night.
BY_ERROR_TREE = ExceptionRetryPolicy(
    rules=[
        RetryRule("pipeline.errors.FatalError", RetryAction.FAIL, reason="fatal: a human must act"),
        RetryRule("pipeline.errors.RetriableError", RetryAction.RETRY, reason="retriable: the same call may succeed"),
    ]
)

# The first wait (5 minutes) doubles each time: four more tries reach past an hourly quota window and end before people
# arrive. Airflow's own setting is passed on by hand, because its mapped tasks do not read it (seen in 3.3.2).
TASKS: dict[str, Any] = {
    "owner": "rayonner",
    "retries": 4,
    "retry_policy": BY_ERROR_TREE,
    "retry_delay": timedelta(seconds=conf.getint("core", "default_task_retry_delay")),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(hours=1),
    "execution_timeout": timedelta(hours=3),
}

# catchup: what was missed while Airflow was down stays a gap until its operator asks for it, for quotas cost money.
# max_active_runs: two nights would build on the same published file.
RUNS: dict[str, Any] = {"catchup": False, "max_active_runs": 1, "default_args": TASKS, "tags": ["rayonner"]}

_DAY: dict[str, Any] = {"type": ["null", "string"], "format": "date"}
PARAMS = {
    "night": Param(None, **_DAY, description="Night to build as of; by default the last one that is over."),
    "from": Param(None, **_DAY, description="First day to collect; by default the day of `to`."),
    "to": Param(None, **_DAY, description="Last day to collect, included; by default the night."),
    "catalogue": Param("brands", type="string", description="`brands`, `national`, or a path to brand files."),
}


def this_run() -> tuple[ModuleType, Settings, Tonight]:
    """The steps, the settings, and what the current run is about.

    Imported when a task runs, never when a file is parsed. Its `now` is when the run started: no task reads the clock.
    """
    from pipeline import night, settings, steps

    run, params = (context := get_current_context())["dag_run"], context["params"]
    moment = run.logical_date or run.run_after
    return steps, with_keys(settings.load()), night.tonight(run.partition_key, params, moment, run.start_date or moment)
