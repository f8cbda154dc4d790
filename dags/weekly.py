"""### The weekly digest: one mail to each subscriber, once

Every Monday at 07:30 Europe/Paris, tells the ISO week that has just ended. It may be repeated or killed: what was sent
is not sent again, and what is in doubt waits for a person (`rayonner deliveries --doubts`). To send another week,
trigger it with `week`. The mail server is the Airflow connection `rayonner_smtp`, else the environment.
"""

from __future__ import annotations

from _mail import WHOM, clock, settled, with_server
from _run import RUNS, this_run
from airflow.sdk import CronDataIntervalTimetable, Param, dag, get_current_context, task

EVERY_MONDAY = CronDataIntervalTimetable("30 7 * * 1", timezone="Europe/Paris")
WEEK = Param(None, type=["null", "string"], description="ISO week, 2026-W47; by default the last one over.")


@dag(schedule=EVERY_MONDAY, params={"week": WEEK, **WHOM}, doc_md=__doc__, **RUNS)
def weekly() -> None:  # noqa: D103
    @task(doc_md="Fails, and is tried again, while the week is not published or a server asks to wait.")
    def send() -> dict[str, int]:
        from pipeline.report.digest import monday

        steps, settings, run = this_run()
        context = get_current_context()
        params, ended = context["params"], context.get("data_interval_end") or run.now
        week = monday(params["week"]) if params.get("week") else steps.last_week(ended)
        asked = {"slug": params.get("brand"), "catalogue": run.catalogue}
        return settled(steps.send_digests(with_server(settings), week, now=clock, **asked))

    send()


weekly()
