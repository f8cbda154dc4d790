"""Read dags/ as Airflow's DAG processor does and print what it holds as JSON.

A process of its own, because Airflow changes the warnings, logging and signals of the process that imports it.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import airflow.providers.standard.operators.empty  # the cost of Airflow itself is not ours
import airflow.sdk.configuration  # noqa: F401

FOLDER = Path(__file__).resolve().parents[2] / "dags"


def cost() -> dict[str, Any]:
    """CPU seconds to import the DAG files once Airflow is there, and what they pulled in."""
    sys.path.insert(0, str(FOLDER))
    before, started = set(sys.modules), time.process_time()
    for path in sorted(FOLDER.glob("[!_]*.py")):
        importlib.import_module(path.stem)
    return {"seconds": time.process_time() - started, "imported": sorted(set(sys.modules) - before)}


def told(dag: Any) -> dict[str, Any]:
    timetable = {field.name: str(getattr(dag.timetable, field.name)) for field in dag.timetable.__attrs_attrs__}
    return {
        "timetable": {"class": type(dag.timetable).__name__, **timetable},
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "tags": sorted(dag.tags),
        "doc": dag.doc_md,
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "tasks": {task.task_id: told_task(task) for task in dag.tasks},
    }


def told_task(task: Any) -> dict[str, Any]:
    return {
        "after": sorted(task.upstream_task_ids),
        "rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "doc": task.doc_md,
        "retries": task.retries,
        "delay_s": task.retry_delay.total_seconds(),
        "policy": task.retry_policy.serialize() if task.retry_policy else None,
        "at_once": task.max_active_tis_per_dag,
        "mapped": task.is_mapped or task.get_closest_mapped_task_group() is not None,
        "outlets": [outlet.uri for outlet in task.outlets or ()],
    }


def main() -> None:
    price = cost()
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(FOLDER))
    dags = {name: told(dag) for name, dag in bag.dags.items()}
    print(json.dumps({**price, "errors": bag.import_errors, "dags": dags}))


if __name__ == "__main__":
    main()
