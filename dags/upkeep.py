"""### Upkeep: keep the promises made to people

At 04:30 and 16:30 Europe/Paris. Looks again at kept posts, each source by itself: what was deleted on its platform
leaves, and counts are seen at the same ages. Then removes the text, links and identifiers whose time is over; what no
longer tells of a person remains, so the figures do not move. A run missed is made up for by the next one. Beside it,
asks once more for what last night failed or never began, and how often the Wikipedia articles on each territory were
read.
"""

from __future__ import annotations

from datetime import timedelta

from _run import RUNS, this_run
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import CronTriggerTimetable, dag, task

# Twice a day, or a deletion would be found after the 24 hours that some terms allow (pipeline.steps.follow_up.EVERY).
TWICE_A_DAY = CronTriggerTimetable("30 4,16 * * *", timezone="Europe/Paris")
# Nine waits, growing to an hour, end at 10:45: until noon Bluesky's stream still holds the whole night.
TRIES_ON = 9


@dag(schedule=TWICE_A_DAY, doc_md=__doc__, **RUNS)
def upkeep() -> None:  # noqa: D103
    @task(doc_md="The sources whose posts are followed: `RAYONNER_SOURCES`, read when the run starts.")
    def sources() -> list[str]:
        return list(this_run()[1].sources)

    @task(doc_md="Look at kept posts again: counts and deletions.", map_index_template="{{ task.op_kwargs['source'] }}")
    def follow_up(source: str) -> dict[str, int]:
        steps, settings, run = this_run()
        done = steps.follow_up(settings, source, now=run.now)
        return {"seen": done.seen, "observed": done.observed, "left": done.left, "overdue": done.overdue}

    @task(doc_md="Ask again for last night where it failed or never began; the next build counts it.", retries=TRIES_ON)
    def ask_again(source: str) -> dict[str, int]:
        steps, settings, run = this_run()
        done = steps.collect_again(settings, source, run.night, now=run.now)
        return {"asked_again": len(done.again), "fetched": done.fetched, "kept": done.kept}

    @task(doc_md="Remove what has expired; returns how many rows of each kind.", trigger_rule="all_done")
    def expire() -> dict[str, int]:
        steps, settings, run = this_run()
        return dict(steps.upkeep(settings, now=run.now))

    @task(doc_md="The week up to the night: Wikimedia publishes a day late, and a morning missed is made up for.")
    def attention() -> dict[str, int]:
        steps, settings, run = this_run()
        done = steps.attention(settings, run.night - timedelta(days=6), run.night, now=run.now)
        return {"known": done.known, "unknown": done.unknown, "new": done.new}

    names, expired = sources(), expire()
    (followed := follow_up.expand(source=names)) >> expired
    well = EmptyOperator(task_id="all_well", doc_md="Red when a source could not be followed, or anything else failed.")
    [followed, expired, attention(), ask_again.expand(source=names)] >> well


upkeep()
