"""Collect one source over one or more nights: fetch, match, store, and write down what came back."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pipeline import brands as brand_files
from pipeline import collect as sources
from pipeline import match, store
from pipeline.errors import CredentialError, PipelineError, TermsError
from pipeline.match import Matcher
from pipeline.model import Brand, LedgerRow, Post, Query, Status, Window, night_of
from pipeline.settings import Settings
from pipeline.steps import _found

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Collected:
    """What one source brought over its nights; `failed` maps a night to what went wrong."""

    source: str
    nights: int = 0
    fetched: int = 0
    kept: int = 0
    new: int = 0
    same: int = 0
    skipped: int = 0
    failed: dict[date, PipelineError] = field(default_factory=dict)


def collect(
    settings: Settings,
    source: str,
    first: date,
    last: date,
    *,
    now: datetime,
    catalogue: str = "brands",
    progress: Callable[[int], None] | None = None,
) -> Collected:
    """Collect the nights `first` to `last` (both included) of one source, oldest first.

    A night that fails is written in the ledger as failed and the next one is tried; the error of the last night is
    raised once all were tried, so that a scheduler sees it. Raises ConfigError for an unknown source, FatalError at
    once when no night can succeed (a refused key).
    """
    if last < first:
        raise ValueError(f"the last night {last} is before the first {first}")
    listened = brand_files.catalogue(catalogue, settings.brands)
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    work = _Work(
        settings=settings,
        engine=engine,
        source=sources.load(source),
        brands=listened,
        matcher=match.compile_catalogue(listened),
        now=now,
        queries=brand_files.queries(listened),
        asked_with={name: value for name, value in settings.environ.items() if name.startswith("RAYONNER_")},
    )
    total = Collected(source)
    for offset in range((last - first).days + 1):
        _one_night(work, first + timedelta(days=offset), total)
        if progress:
            progress(1)
    log.info("%s: %d nights, %d posts fetched, %d kept", source, total.nights, total.fetched, total.kept)
    if last in total.failed:
        raise total.failed[last]
    return total


@dataclass(frozen=True, slots=True)
class _Work:
    settings: Settings
    engine: store.Engine
    source: sources.Source
    brands: list[Brand]
    matcher: Matcher
    now: datetime
    queries: list[Query]
    asked_with: dict[str, str]


@dataclass(slots=True)
class _Tally:
    """What one night held, for the whole source and by brand."""

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)


def missing(settings: Settings, source: sources.Source) -> list[str]:
    """The settings a source needs and does not have: it is then off, which is not a failure."""
    return [name for name in source.NEEDS if not settings.environ.get(name)]


def _one_night(work: _Work, night: date, total: Collected) -> None:
    ask, tally, error = _ask(work), _Tally(), None
    if missing(work.settings, work.source):
        _write(work, night, "off", ask, tally, None)
        return
    try:
        _store_night(work, night, ask, tally)
    except (CredentialError, TermsError) as stop:
        _write(work, night, "failed", ask, tally, stop)
        raise
    except PipelineError as failure:
        error = total.failed[night] = failure
        log.warning("%s %s failed: %s", work.source.NAME, night, type(failure).__name__)
    status: Status = "failed" if error else "partial" if ask.truncated else "complete"
    _write(work, night, status, ask, tally, error)
    total.nights += 1
    total.fetched += ask.fetched
    total.kept += sum(tally.kept.values())
    total.new += tally.new
    total.same += tally.same
    total.skipped += ask.skipped


def _ask(work: _Work) -> sources.Ask:
    cursor = store.cursor(work.engine, work.source.NAME, "night")
    base_url = work.asked_with.get(f"RAYONNER_{work.source.NAME.upper()}_URL")
    return sources.Ask(
        now=work.now,
        settings=work.asked_with,
        base_url=base_url,
        cursor=cursor,
        plausible=work.matcher.touches,
    )


def _store_night(work: _Work, night: date, ask: sources.Ask, tally: _Tally) -> None:
    name = work.source.NAME
    expires_on = _found.expiry(name, night_of(work.now), work.settings.retention_days)
    brands = {brand.slug: brand for brand in work.brands}
    stream = work.source.posts(Window.night(night), work.queries, ask)
    for batch in _found.batches(_once(stream, ask, tally)):
        kept = [f for post in batch if (f := _found.found(post, work.matcher, brands, expires_on))]
        _save(work, kept, ask, tally)
    # A night without posts may still have moved the cursor (a feed that says "not modified").
    _save(work, [], ask, tally)


def _save(work: _Work, kept: list[store.Found], ask: sources.Ask, tally: _Tally) -> None:
    """Posts and the cursor that follows them, in one transaction."""
    cursor = store.Cursor(work.source.NAME, "night", ask.cursor, work.now) if ask.cursor else None
    brands = [brand.slug for brand in work.brands]
    saved = store.save_found(
        work.engine, kept, key=work.settings.author_key, matcher=match.VERSION, cursor=cursor, brands=brands
    )
    tally.new += saved.new
    tally.changed += saved.changed
    tally.same += saved.same
    tally.kept.update(m.brand for f in kept for m in f.mentions if m.accepted)


def _once(stream: Iterator[Post], ask: sources.Ask, tally: _Tally) -> Iterator[Post]:
    """Let a post through once a night: platforms repeat themselves across pages and queries."""
    for post in stream:
        if post.post_id in tally.seen:
            ask.skip("duplicate")
            continue
        tally.seen.add(post.post_id)
        yield post


def _write(
    work: _Work, night: date, status: Status, ask: sources.Ask, tally: _Tally, error: PipelineError | None
) -> None:
    """One ledger row a brand: posts looked at for it, mentions kept, what was skipped, and how it ended."""
    reasons = dict(ask.reasons)
    rows = [
        LedgerRow(
            source=work.source.NAME,
            brand=brand.slug,
            night=night,
            run="night",
            status=status,
            asked=ask.asked,
            fetched=ask.fetched,
            kept=tally.kept[brand.slug],
            duplicates=reasons.get("duplicate", 0),
            skipped=ask.skipped - reasons.get("duplicate", 0),
            truncated=ask.truncated,
            error=f"{type(error).__name__}: {error}"[:300] if error else None,
            cost_micros=ask.cost_micros,
            reasons=reasons,
        )
        for brand in work.brands
    ]
    store.save_ledger(work.engine, rows, {"night": [brand.slug for brand in work.brands]})
