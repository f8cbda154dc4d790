"""Keep the promises made to people: what has expired is forgotten."""

from __future__ import annotations

from datetime import datetime

from pipeline import store
from pipeline.model import night_of
from pipeline.settings import Settings


def upkeep(settings: Settings, *, now: datetime) -> dict[str, int]:
    """Remove text, links and ids that have expired by `now`; how many rows of each kind."""
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return store.expire(engine, night_of(now))
