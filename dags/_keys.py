"""The keys of sources, where they stand in Airflow connections; one that is not there says nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

if TYPE_CHECKING:
    from pipeline.settings import Settings


def with_keys(settings: Settings) -> Settings:
    """The settings, with what the connections of `pipeline.connections` say instead of the environment."""
    from pipeline.connections import CONNECTIONS, told
    from pipeline.settings import with_told

    for name in CONNECTIONS:
        with suppress(AirflowNotFoundException):
            one = Connection.get(name)
            own = {"host": one.host, "login": one.login, "password": one.password}
            settings = with_told(settings, told(name, own, one.extra_dejson))
    return settings
