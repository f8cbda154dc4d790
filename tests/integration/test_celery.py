"""A night run by Celery workers, as on several machines: Redis between scheduler and worker, PostgreSQL behind them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.airflow_cluster import Cluster, airflow, free_port, last_words, wait_for
from tests.integration.test_scheduler import GOOD, RUN_S, ledger, published_nights

redis = pytest.importorskip("redis", reason="Celery is not installed: pip install 'rayonner[celery]'")
pytest.importorskip("airflow.providers.celery", reason="Celery is not installed: pip install 'rayonner[celery]'")

pytestmark = [pytest.mark.integration, pytest.mark.slow]

RESULT_S = 30
ROLES = (["scheduler", "--skip-serve-logs"], ["celery", "worker", "--concurrency", "2", "--skip-serve-logs"])


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """A Redis of this test alone, on loopback and without a disk; its port."""
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server is installed")
    port = free_port()
    asked = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with (folder / "redis.log").open("wb") as log, subprocess.Popen(asked, stdout=log, stderr=log) as running:
        try:
            yield port
        finally:
            running.terminate()


def is_there(port: int) -> bool | None:
    try:
        with redis.Redis(port=port) as asked:
            return bool(asked.ping())
    except redis.ConnectionError:
        return None


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, int]]:
    folder = tmp_path_factory.mktemp("celery")
    with broker(folder) as port:
        wait_for(lambda: is_there(port), 20, lambda: "Redis did not start")
        remote = {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{port}/0",
            "AIRFLOW__CELERY__RESULT_BACKEND": f"redis://127.0.0.1:{port}/1",
            "REMAP_SIGTERM": "SIGQUIT",  # a worker of a test that is over waits for nothing
        }
        with airflow(folder, remote, ROLES) as running:
            yield running, port


def test_workers_run_the_night_and_its_sources_side_by_side(cluster: tuple[Cluster, int]) -> None:
    running, port = cluster
    run = running.run("nightly", key=GOOD)
    assert running.ended("nightly", run, RUN_S) == "success", last_words(running.logs)
    tries = running.tries("nightly", run)
    assert {state for state, _ in tries.values()} == {"success"}
    assert ledger(running, GOOD) == {"sample": {"complete"}}
    assert published_nights(running) == [GOOD]
    # Workers did it: each task left its result in Redis, but for all_well, which is empty and never sent to one.
    # A worker stores it after the task has told Airflow of its end.
    sent = len(tries.keys() - {"all_well"})
    with redis.Redis(port=port, db=1) as results:

        def all_kept() -> bool | None:
            return len(list(results.scan_iter("celery-task-meta-*"))) == sent or None

        assert wait_for(all_kept, RESULT_S, lambda: f"Redis does not hold {sent} results")
