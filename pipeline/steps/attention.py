"""Collect attention: how often people read the Wikipedia articles on each territory, beside what they say of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline import brands as brand_files
from pipeline import store
from pipeline.brands.articles import articles
from pipeline.collect import Ask, _wikimedia
from pipeline.collect._wikimedia import Title
from pipeline.model import Brand, Window
from pipeline.settings import Settings
from pipeline.store import Attention

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Attended:
    """What was learnt: the brands asked for with their titles, days told and unknown, rows that were new.

    `off` names the settings that lack: nothing was asked then, which is no failure. `reasons` counts `unknown_title`.
    """

    off: tuple[str, ...] = ()
    titles: dict[str, tuple[Title, ...]] = field(default_factory=dict)
    untitled: list[str] = field(default_factory=list)
    known: int = 0
    unknown: int = 0
    new: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def attention(
    settings: Settings, first: date, last: date, *, now: datetime, catalogue: str = "brands", slug: str | None = None
) -> Attended:
    """Ask for the days that end in the nights `first` to `last` (both included), brand by brand, or of `slug` alone.

    A UTC day belongs to the Paris night in which it ends. It may be asked again at will: a count told anew replaces the
    old one, what is known is never made unknown. Raises RetriableError when Wikimedia is out of reach; what was told
    before is kept.
    """
    if last < first:
        raise ValueError(f"the last night {last} is before the first {first}")
    done = Attended(off=tuple(name for name in _wikimedia.NEEDS if not settings.environ.get(name)))
    listened = [brand for brand in brand_files.catalogue(catalogue, settings.brands) if slug in (None, brand.slug)]
    done.titles = {brand.slug: found for brand in listened if (found := titles(brand))}
    done.untitled = [brand.slug for brand in listened if brand.slug not in done.titles]
    if done.off:
        return done
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    window = Window(Window.night(first).start, Window.night(last).end)
    ask = _ask(settings, now)
    done.reasons = ask.reasons
    for own in done.titles:
        rows = list(_rows(own, window, done.titles[own], ask))
        done.known += sum(row.views is not None for row in rows)
        done.unknown += sum(row.views is None for row in rows)
        done.new += store.save_attention(engine, rows)
    log.info("attention: %d brands, %d days known, %d unknown", len(done.titles), done.known, done.unknown)
    return done


def titles(brand: Brand) -> tuple[Title, ...]:
    """The articles of a brand, one Title a language: the views of several articles in a language add up."""
    return tuple(Title(language, first, tuple(more)) for language, (first, *more) in articles(brand).items())


def _rows(slug: str, window: Window, asked: tuple[Title, ...], ask: Ask) -> Iterator[Attention]:
    for seen in _wikimedia.attention(window, asked, ask):
        yield Attention(slug, seen.language, seen.day, seen.views)


def _ask(settings: Settings, now: datetime) -> Ask:
    told = {name: value for name, value in settings.environ.items() if name.startswith("RAYONNER_")}
    return Ask(now=now, settings=told, base_url=told.get("RAYONNER_WIKIMEDIA_URL"))
