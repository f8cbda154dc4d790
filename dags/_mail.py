"""What the DAGs that send mail share: the mail server of the Airflow connection, the clock, and the outcome."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.sdk import Connection, Param
from airflow.sdk.exceptions import AirflowNotFoundException

if TYPE_CHECKING:
    from collections import Counter

    from pipeline.settings import Settings

# A claim is dated when it is made, and a send may take an hour.
clock = partial(datetime.now, UTC)  # noqa: TID251
WHOM: dict[str, Any] = {
    "brand": Param(None, type=["null", "string"], description="Only this brand; by default every one with readers."),
    "catalogue": Param("brands", type="string", description="`brands`, or a path to brand files."),
}


def with_server(settings: Settings) -> Settings:
    """The settings with the mail server of the connection `rayonner_smtp`; without one the environment names it."""
    from pipeline.settings import with_mail_server

    with suppress(AirflowNotFoundException):
        mail = Connection.get("rayonner_smtp")
        who = {"user": mail.login, "password": mail.password, "sender": mail.extra_dejson.get("from_email")}
        return with_mail_server(settings, host=mail.host, port=mail.port, **who)
    return settings


def settled(done: Counter[str]) -> dict[str, int]:
    """The counts. Raises UnavailableError, so that the task is tried again, where a server asked to wait."""
    from pipeline.errors import UnavailableError

    if done["deferred"]:
        raise UnavailableError(f"the mail server asked to wait for {done['deferred']} mails")
    return dict(done)
