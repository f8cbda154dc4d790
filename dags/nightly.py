"""### The night: collect every source, score, build, publish

Runs at 03:00 Europe/Paris for the day before, which is its **partition key**. Each source is a group of its own: one
that fails turns the run red, and stops neither the others nor the figures, where its night is a gap and never a zero.
Nights just before that were cut short are asked for again; a budget that is used up is no failure. To fill the past,
trigger it with `from` and `to`. A run may be repeated or killed: nothing is lost or counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from _run import PARAMS, RUNS, this_run
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import Asset, CronPartitionTimetable, Metadata, dag, task, task_group

EVERY_NIGHT = CronPartitionTimetable("0 3 * * *", timezone="Europe/Paris", run_offset=-1, key_format="%Y-%m-%d")
PUBLISHED = Asset(name="rayonner_published", uri="rayonner://published")
SHARDS = [(0, 2), (1, 2)]  # as many as the smallest machine has cores


@dag(schedule=EVERY_NIGHT, params=PARAMS, doc_md=__doc__, **RUNS)
def nightly() -> None:  # noqa: D103
    @task(doc_md="The sources to collect: `RAYONNER_SOURCES`, read when the run starts.")
    def sources() -> list[str]:
        return list(this_run()[1].sources)

    @task(doc_md="Fetch, match, store; the ledger says how it went.", map_index_template="{{ task.op_args[0] }}")
    def collect(source: str) -> dict[str, int]:
        steps, settings, run = this_run()
        done = steps.collect(settings, source, run.first, run.last, now=run.now, catalogue=run.catalogue)
        ended = {"failed": len(done.failed), "short_of_budget": len(done.short), "asked_again": len(done.again)}
        return {"nights": done.nights, "fetched": done.fetched, "kept": done.kept, **ended}

    @task_group
    def one_source(source: str) -> None:
        collect(source)

    @task(doc_md="Language and tone of the new mentions; a shard takes no lock.", trigger_rule="all_done")
    def score(shard: tuple[int, int]) -> int:
        steps, settings, run = this_run()
        return int(steps.score(settings, now=run.now, shard=tuple(shard), catalogue=run.catalogue))

    @task(doc_md="Facts, figures and their checks, in one transaction.", max_active_tis_per_dag=1)
    def build() -> None:
        steps, settings, run = this_run()
        steps.build(settings, run.night, now=run.now, catalogue=run.catalogue)

    @task(doc_md="Replace the file that analysts open.", max_active_tis_per_dag=1, outlets=[PUBLISHED])
    def publish() -> Iterator[Metadata]:
        steps, settings, run = this_run()
        done = steps.publish(settings, run.night, now=run.now)
        yield Metadata(PUBLISHED, {"night": run.night.isoformat(), "path": str(done.path)})

    harvest, figures = one_source.expand(source=sources()), publish()
    harvest >> score.expand(shard=SHARDS) >> build() >> figures
    [harvest, figures] >> EmptyOperator(task_id="all_well", doc_md="Red when a source, or anything else, failed.")


nightly()
