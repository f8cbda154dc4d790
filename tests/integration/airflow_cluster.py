"""A real Airflow on loopback for as long as a test needs it: API server, DAG processor, scheduler, each a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("RAYONNER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
READY_S = 240  # three processes that import all of Airflow, on a machine that does other things too
POLL_S = 0.5

T = TypeVar("T")


@dataclass(frozen=True)
class Cluster:
    """A running Airflow: `api` speaks to it, `home` is RAYONNER_HOME, `sources` may be rewritten between runs."""

    api: httpx.Client
    home: Path
    sources: Path
    logs: Path

    def run(self, dag: str, *, key: str | None = None, conf: Mapping[str, str] | None = None) -> str:
        """Trigger a DAG; returns the run's id."""
        asked = {"logical_date": None, "partition_key": key, "conf": dict(conf or {})}
        answer = self.api.post(f"/api/v2/dags/{dag}/dagRuns", json=asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["dag_run_id"])

    def ended(self, dag: str, run: str, within_s: float) -> str:
        """Wait for the end of a run; its state."""

        def state() -> str | None:
            told = self.api.get(f"/api/v2/dags/{dag}/dagRuns/{run}").raise_for_status().json()["state"]
            return told if told in {"success", "failed"} else None

        return wait_for(state, within_s, lambda: f"{run} did not end: {self.tries(dag, run)}")

    def tries(self, dag: str, run: str) -> dict[str, tuple[str, int]]:
        """Each task of a run (mapped ones by `name[index]`): its state and how often it was tried."""
        told = self.api.get(f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances").raise_for_status().json()
        return {_name(one): (one["state"], one["try_number"]) for one in told["task_instances"]}


def _name(one: Mapping[str, Any]) -> str:
    return str(one["task_id"]) + (f"[{one['rendered_map_index'] or one['map_index']}]" if one["map_index"] >= 0 else "")


def wait_for(ready: Callable[[], T | None], within_s: float, otherwise: Callable[[], str]) -> T:
    """Ask until there is an answer; fails with what `otherwise` says when time is up."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if (answer := ready()) is not None:
            return answer
        time.sleep(POLL_S)
    pytest.fail(otherwise())


@contextmanager
def scratch_database() -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards. Skips where no server answers."""
    name = f"rayonner_airflow_{os.getpid()}_{time.monotonic_ns()}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers; set RAYONNER_TEST_POSTGRES to a server's address")
    with server:
        server.execute(f'create database "{name}"')
        try:
            yield POSTGRES.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
        finally:
            server.execute(f'drop database "{name}" with (force)')


@contextmanager
def airflow(folder: Path, extra: Mapping[str, str], roles: Sequence[Sequence[str]]) -> Iterator[Cluster]:
    """Start Airflow in `folder` with PostgreSQL for its metadata; stop every process of it at the end."""
    with ExitStack() as stack:
        database, port = stack.enter_context(scratch_database()), free_port()
        env = environment(folder, database, port) | extra
        Path(env["RAYONNER_SOURCES_FILE"]).write_text("sample\n")
        subprocess.run([ROOT / "bin/airflow", "db", "migrate"], env=env, check=True, capture_output=True)
        for role in (["api-server", "--port", str(port)], ["dag-processor"], *roles):
            stack.enter_context(_process(role, env, folder))
        api = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30))
        cluster = Cluster(api, Path(env["RAYONNER_HOME"]), Path(env["RAYONNER_SOURCES_FILE"]), folder)
        wait_for(lambda: _signed_in(cluster), READY_S, lambda: "Airflow did not start:\n" + last_words(folder))
        yield cluster


def environment(folder: Path, database: str, port: int) -> dict[str, str]:
    """What each process of the cluster is told; nothing of the caller's own Airflow or Rayonner."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "RAYONNER"))}
    return env | {
        "RAYONNER_HOME": str(folder / "home"),
        "RAYONNER_SOURCES_FILE": str(folder / "sources"),
        "RAYONNER_TIER": "fast",
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": database,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # Only nights that a test asks for: up to 2 h 24 min after its hour the scheduler would add the real last night.
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "1",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this test alone, long enough to sign with 0123456789abcdef",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
    }


def free_port() -> int:
    """A port of loopback that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(role: Sequence[str], env: Mapping[str, str], folder: Path) -> Iterator[None]:
    """One Airflow process in a group of its own, so that what it starts ends with it."""
    with (folder / f"{role[0]}.log").open("wb") as log:
        running = subprocess.Popen(
            [ROOT / "bin/airflow", *role], env=dict(env), stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    for word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(running.pid, word)
            running.wait(timeout=20)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    running.wait()


def _signed_in(cluster: Cluster) -> bool | None:
    """Whether the API answers, knows the DAG, and a scheduler and a processor are alive; signs in on the way."""
    try:
        token = cluster.api.get("/auth/token").json()["access_token"]
        cluster.api.headers["Authorization"] = f"Bearer {token}"
        alive = cluster.api.get("/api/v2/monitor/health").json()
        known = cluster.api.get("/api/v2/dags/nightly").status_code == 200
    except (httpx.TransportError, KeyError, ValueError):
        return None
    return True if known and alive["scheduler"]["status"] == "healthy" else None


def last_words(folder: Path) -> str:
    """The end of each process's log and of each task that was tried."""
    logs = [*folder.glob("*.log"), *folder.glob("airflow/logs/dag_id=*/**/*.log")]
    return "\n".join(f"--- {log.relative_to(folder)}\n{log.read_text(errors='replace')[-800:]}" for log in sorted(logs))
