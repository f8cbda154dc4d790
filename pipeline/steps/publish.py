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
    """Bring the warehouse up to `night`: all or nothing, checks included. Raises CheckError with the faulty rows."""
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    with store.snapshot(engine) as changes:
        return warehouse.build(
            settings.home,
            changes,
            brand_files.catalogue(catalogue, settings.brands),
            profiles(),
            night=night,
            now=now,
            code_version=__version__,
            full=full,
        )


def publish(settings: Settings, night: date, *, now: datetime, catalogue: str = "brands") -> warehouse.Published:
    """Replace the published file by the built one, then the page drawn from it.

    Readers see the old night or the new one, nothing between.
    """
    done = warehouse.publish(settings.home, night=night, now=now)
    page.write(done.path, brand_files.catalogue(catalogue, settings.brands), settings.published / "index.html")
    return done


def profiles() -> Mapping[str, Legal]:
    """The legal profile of each source there is."""
    return {name: collect.load(name).LEGAL for name in collect.names()}
