"""Nights run by Airflow's real scheduler: LocalExecutor, PostgreSQL metadata, an API server and a DAG processor."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipeline import settings, store
from tests.integration.airflow_cluster import Cluster, airflow, last_words

pytestmark = [pytest.mark.integration, pytest.mark.slow]

RUN_S = 300
GOOD, OUTAGE = "2026-05-31", "2026-03-17"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("scheduler")
    local = {"AIRFLOW__CORE__EXECUTOR": "LocalExecutor", "AIRFLOW__CORE__PARALLELISM": "2"}
    with airflow(folder, local, [["scheduler", "--skip-serve-logs"]]) as running:
        yield running


def ledger(cluster: Cluster, night: str) -> dict[str, set[str]]:
    """Each platform's statuses for a night."""
    engine = store.connect(settings.load({"RAYONNER_HOME": str(cluster.home)}).store_url)
    told: dict[str, set[str]] = {}
    for row in store.ledger(engine):
        if row.night.isoformat() == night:
            told.setdefault(row.source, set()).add(row.status)
    engine.dispose()
    return told


def published_nights(cluster: Cluster) -> list[str]:
    """The nights that the published file says it was built as of."""
    with duckdb.connect(str(cluster.home / "published/rayonner.duckdb"), read_only=True) as file:
        return [str(night) for (night,) in file.sql("select night from publication").fetchall()]


def test_a_night_by_its_partition_key(cluster: Cluster) -> None:
    run = cluster.run("nightly", key=GOOD)
    assert cluster.ended("nightly", run, RUN_S) == "success", last_words(cluster.logs)
    tries = cluster.tries("nightly", run)
    assert tries["one_source.collect[sample]"] == ("success", 1)
    assert {state for state, _ in tries.values()} == {"success"}
    assert ledger(cluster, GOOD) == {"sample": {"complete"}}
    assert published_nights(cluster) == [GOOD]


def test_the_published_file_is_an_event_that_others_may_wait_for(cluster: Cluster) -> None:
    events = cluster.api.get("/api/v2/assets/events").raise_for_status().json()["asset_events"]
    assert [(e["uri"], e["extra"]["night"]) for e in events] == [("rayonner://published/", GOOD)]


def test_fatal_stops_at_once_retriable_is_tried_again_and_the_figures_come_out(cluster: Cluster) -> None:
    cluster.sources.write_text("sample,nowhere\n")
    run = cluster.run("nightly", key=OUTAGE)
    assert cluster.ended("nightly", run, RUN_S) == "failed", last_words(cluster.logs)
    tries = cluster.tries("nightly", run)
    assert tries["one_source.collect[nowhere]"] == ("failed", 1)
    assert tries["one_source.collect[sample]"] == ("failed", 5)
    assert (tries["build"], tries["publish"]) == (("success", 1), ("success", 1))
    assert tries["all_well"][0] == "upstream_failed"
    assert ledger(cluster, OUTAGE) == {"sample": {"failed"}}
