"""Keep the promises made to people: what has expired, was deleted or is opposed is forgotten."""

from __future__ import annotations

from datetime import datetime

from pipeline import collect as sources
from pipeline import store
from pipeline.model import night_of
from pipeline.settings import Settings


def upkeep(settings: Settings, *, now: datetime) -> dict[str, int]:
    """Remove text, links and ids that have expired by `now`, and figures that must not outlive them; rows of each kind.

    Those are the figures of sources whose terms keep them apart from other platforms': they may be stored no longer.
    """
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    apart = [name for name in sources.names() if not sources.load(name).LEGAL.combine_engagement]
    return store.expire(engine, night_of(now), figures_of=apart)


def forget(settings: Settings, source: str, post_id: str) -> int:
    """Delete a post that was deleted upstream, and its reposts; the next build removes its facts. Posts deleted."""
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return store.forget(engine, source, post_id, settings.author_key)


def oppose(settings: Settings, source: str, author_id: str, *, now: datetime) -> int:
    """Never count this author again and delete what was kept of them; the id itself is not stored. Posts deleted."""
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return store.oppose(engine, source, author_id, settings.author_key, night_of(now))
