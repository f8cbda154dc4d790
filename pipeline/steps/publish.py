"""Build the warehouse from what changed in the store, and publish the file that analysts open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pipeline import __version__, collect, store, warehouse
from pipeline import brands as brand_files
from pipeline.collect import Legal
from pipeline.model import Brand
from pipeline.report import page
from pipeline.settings import Settings

# Sources whose author id is the name that people write: a site, an account with its server.
NAMED_BY_ACCOUNT = {"rss", "mastodon"}


def build(
    settings: Settings, night: date, *, now: datetime, catalogue: str = "brands", full: bool = False
) -> warehouse.Built:
    """Bring the warehouse up to `night`: all or nothing, checks included. Raises CheckError with the faulty rows.

    An older night done again takes its changes in without hiding the nights already published.
    """
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    brands = brand_files.catalogue(catalogue, settings.brands)
    with store.snapshot(engine) as changes:
        return warehouse.build(
            settings.home,
            changes,
            brands,
            profiles(),
            night=_latest(settings, night),
            now=now,
            code_version=__version__,
            full=full,
            accounts=list(accounts(brands, settings.author_key)),
        )


def publish(settings: Settings, night: date, *, now: datetime, catalogue: str = "brands") -> warehouse.Published:
    """Replace the published file by the built one, then the feeds and the page drawn from it.

    Readers see the old night or the new one, nothing between. Feeds speak with the digest's words: they need its extra.
    """
    done = warehouse.publish(settings.home, night=_latest(settings, night), now=now)
    brands = brand_files.catalogue(catalogue, settings.brands)
    feeds: list[Path] = []
    if find_spec("babel"):
        from pipeline.report import feed

        feeds = feed.write(done.path, brands, settings.published, page=settings.page_url)
    page.write(done.path, brands, settings.published / "index.html", feeds=feeds)
    return done


def _latest(settings: Settings, night: date) -> date:
    """The later of `night` and the last night published."""
    path = settings.published / "rayonner.duckdb"
    if not path.exists():
        return night
    held = warehouse.query(path, "select max(night) from dim_date")[1][0][0]
    return max(night, held) if isinstance(held, date) else night


def accounts(brands: Sequence[Brand], key: bytes) -> Iterator[warehouse.Account]:
    """The accounts that the brand files register, and the sites of the territory's own press.

    A platform that numbers its authors (X, Bluesky, YouTube, Reddit) does not sign posts with the name in the file,
    so the author's key is unknown there. A press site is known by its address, from feeds as from GDELT.
    """
    for brand in brands:
        for role, listed in (("owned", brand.owned), ("partner", brand.partners)):
            for source, name in (account.split(":", 1) for account in listed):
                known = store.author_key(key, source, name) if source in NAMED_BY_ACCOUNT else None
                yield warehouse.Account(brand.slug, role, name, source, known)
        sites = {(urlsplit(feed).hostname or "").removeprefix("www.") for feed in brand.feeds}
        for site in sorted(sites - {""}):
            for source in ("rss", "gdelt"):
                yield warehouse.Account(brand.slug, "press", site, source, store.author_key(key, source, site))


def profiles() -> Mapping[str, Legal]:
    """The legal profile of each source there is."""
    return {name: collect.load(name).LEGAL for name in collect.names()}
