"""Build the warehouse from what changed in the store, and publish the file that analysts open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pipeline import __version__, collect, store, warehouse
from pipeline import brands as brand_files
from pipeline.collect import Legal
from pipeline.report import page
from pipeline.settings import Settings


def build(
    settings: Settings, night: date, *, now: datetime, catalogue: str = "brands", full: bool = False
) -> warehouse.Built:
    """Bring the warehouse up to `night`: all or nothing, checks included. Raises CheckError with the faulty rows.

    An older night done again takes its changes in without hiding the nights already published.
    """
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    with store.snapshot(engine) as changes:
        return warehouse.build(
            settings.home,
            changes,
            brand_files.catalogue(catalogue, settings.brands),
            profiles(),
            night=_latest(settings, night),
            now=now,
            code_version=__version__,
            full=full,
        )


def publish(settings: Settings, night: date, *, now: datetime, catalogue: str = "brands") -> warehouse.Published:
    """Replace the published file by the built one, then the page drawn from it.

    Readers see the old night or the new one, nothing between.
    """
    done = warehouse.publish(settings.home, night=_latest(settings, night), now=now)
    page.write(done.path, brand_files.catalogue(catalogue, settings.brands), settings.published / "index.html")
    return done


def _latest(settings: Settings, night: date) -> date:
    """The later of `night` and the last night published."""
    path = settings.published / "rayonner.duckdb"
    if not path.exists():
        return night
    held = warehouse.query(path, "select max(night) from dim_date")[1][0][0]
    return max(night, held) if isinstance(held, date) else night


def profiles() -> Mapping[str, Legal]:
    """The legal profile of each source there is."""
    return {name: collect.load(name).LEGAL for name in collect.names()}
