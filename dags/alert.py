"""### Alerts: an unusual night, told the same morning

Every day at 07:30 Europe/Paris, for the night that has just ended: one short mail a brand, to those whose frequency is
`alerts`. A usual night sends nothing, nor does one that was not collected in full. It may be repeated or killed: what
was sent is not sent again. The mail server is the Airflow connection `rayonner_smtp`, else the environment.
"""

from __future__ import annotations

from datetime import date, timedelta

from _mail import WHOM, clock, settled, with_server
from _run import RUNS, this_run
from airflow.sdk import CronDataIntervalTimetable, Param, dag, get_current_context, task

EVERY_MORNING = CronDataIntervalTimetable("30 7 * * *", timezone="Europe/Paris")
NIGHT = Param(None, type=["null", "string"], format="date", description="Night to tell; by default the last one.")


@dag(schedule=EVERY_MORNING, params={"night": NIGHT, **WHOM}, doc_md=__doc__, **RUNS)
def alert() -> None:  # noqa: D103
    @task(doc_md="Fails, and is tried again, while the night is not published or a server asks to wait.")
    def send() -> dict[str, int]:
        from pipeline.model import night_of

        steps, settings, run = this_run()
        context = get_current_context()
        params, ended = context["params"], context.get("data_interval_end") or run.now
        night = date.fromisoformat(params["night"]) if params.get("night") else night_of(ended) - timedelta(days=1)
        asked = {"slug": params.get("brand"), "catalogue": run.catalogue}
        return settled(steps.send_alerts(with_server(settings), night, now=clock, **asked))

    send()


alert()
