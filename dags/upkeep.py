"""### Upkeep: keep the promises made to people

Every morning at 04:30 Europe/Paris, removes the text, links and identifiers whose time is over. What no longer tells of
a person remains, so the figures do not move. A morning missed is made up for by the next one. Beside it, asks how often
the Wikipedia articles on each territory were read.
"""

from __future__ import annotations

from datetime import timedelta

from _run import RUNS, this_run
from airflow.sdk import CronTriggerTimetable, dag, task


@dag(schedule=CronTriggerTimetable("30 4 * * *", timezone="Europe/Paris"), doc_md=__doc__, **RUNS)
def upkeep() -> None:  # noqa: D103
    @task(doc_md="Remove what has expired; returns how many rows of each kind.")
    def expire() -> dict[str, int]:
        steps, settings, run = this_run()
        return dict(steps.upkeep(settings, now=run.now))

    @task(doc_md="The week up to the night: Wikimedia publishes a day late, and a morning missed is made up for.")
    def attention() -> dict[str, int]:
        steps, settings, run = this_run()
        done = steps.attention(settings, run.night - timedelta(days=6), run.night, now=run.now)
        return {"known": done.known, "unknown": done.unknown, "new": done.new}

    expire()
    attention()


upkeep()
