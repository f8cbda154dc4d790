"""### The weekly digest: one mail to each subscriber, once

Every Monday at 07:30 Europe/Paris, tells the ISO week that has just ended. It may be repeated or killed: what was sent
is not sent again, and what is in doubt waits for a person (`rayonner deliveries --doubts`). To send another week,
trigger it with `week`. The mail server is the Airflow connection `rayonner_smtp`, else the environment.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from _run import RUNS, this_run
from airflow.sdk import Connection, CronDataIntervalTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowNotFoundException

EVERY_MONDAY = CronDataIntervalTimetable("30 7 * * 1", timezone="Europe/Paris")
PARAMS = {
    "week": Param(None, type=["null", "string"], description="ISO week, 2026-W47; by default the last one over."),
    "brand": Param(None, type=["null", "string"], description="Only this brand; by default every one with readers."),
    "catalogue": Param("brands", type="string", description="`brands`, or a path to brand files."),
}


@dag(schedule=EVERY_MONDAY, params=PARAMS, doc_md=__doc__, **RUNS)
def weekly() -> None:  # noqa: D103
    @task(doc_md="Fails, and is tried again, while the week is not published or a server asks to wait.")
    def send() -> dict[str, int]:
        from pipeline.errors import UnavailableError
        from pipeline.report.digest import monday
        from pipeline.settings import with_mail_server

        steps, settings, run = this_run()
        context = get_current_context()
        params, ended = context["params"], context.get("data_interval_end") or run.now
        with suppress(AirflowNotFoundException):  # then the environment names the server
            mail = Connection.get("rayonner_smtp")
            who = {"user": mail.login, "password": mail.password, "sender": mail.extra_dejson.get("from_email")}
            settings = with_mail_server(settings, host=mail.host, port=mail.port, **who)
        week = monday(params["week"]) if params.get("week") else steps.last_week(ended)
        asked = {"slug": params.get("brand"), "catalogue": run.catalogue}
        clock = partial(datetime.now, UTC)  # noqa: TID251  a claim is dated when it is made, and a send may take an hour
        done = steps.send_digests(settings, week, now=clock, **asked)
        if done["deferred"]:
            raise UnavailableError(f"the mail server asked to wait for {done['deferred']} digests")
        return dict(done)

    send()


weekly()
