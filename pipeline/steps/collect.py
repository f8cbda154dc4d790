"""Collect one source over one or more nights, and ask again for those before that were cut short."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pipeline import brands as brand_files
from pipeline import collect as sources
from pipeline import match, store
from pipeline.collect import Ask
from pipeline.errors import BudgetError, CredentialError, PipelineError, RetriableError, TermsError
from pipeline.settings import Settings
from pipeline.steps import _ledger
from pipeline.steps._one_night import one_night
from pipeline.steps._work import Tally, Work, is_off, missing

__all__ = ["Collected", "collect", "collect_again", "missing"]

log = logging.getLogger(__name__)

# Once a run has taken this long no older night is begun: a source may take an hour a night, a task three.
_ENOUGH_S = 3600.0


@dataclass(slots=True)
class Collected:
    """What one source brought over its nights.

    `failed` maps a night to what went wrong, `short` a night to the budget that ended it; `again` are the older nights
    that were asked for once more.
    """

    source: str
    nights: int = 0
    fetched: int = 0
    kept: int = 0
    new: int = 0
    same: int = 0
    skipped: int = 0
    failed: dict[date, PipelineError] = field(default_factory=dict)
    short: dict[date, PipelineError] = field(default_factory=dict)
    again: list[date] = field(default_factory=list)


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
    raised once all were tried, so that a scheduler sees it. A night that the budget ends is no failure. When last night
    went well, those of the RAYONNER_RECOLLECT_DAYS before it that were cut short are asked for again. Raises
    ConfigError for an unknown source or one paid by the post without a cap, FatalError at once when no night can
    succeed (a refused key).
    """
    if last < first:
        raise ValueError(f"the last night {last} is before the first {first}")
    work, total = _work(settings, source, now, catalogue), Collected(source)
    began = Ask(now).pace.clock()
    for offset in range((last - first).days + 1):
        night = first + timedelta(days=offset)
        _count(total, night, *one_night(work, night))
        if progress:
            progress(1)
    if last not in total.failed and last not in total.short and not is_off(settings, work.source):
        _ask_again(work, first, last, total, began)
    log.info("%s: %d nights, %d posts fetched, %d kept", source, total.nights, total.fetched, total.kept)
    if last in total.failed:
        raise total.failed[last]
    return total


def collect_again(
    settings: Settings, source: str, night: date, *, now: datetime, catalogue: str = "brands"
) -> Collected:
    """Ask one source once more for a night, for the brands for whom it failed or was never begun.

    For the hours after the night's own run, while a stream still has the night. Nothing of a night that may be under
    way, nor where many tries would be paid by the post or eat the daily quota of the next night. Raises what may pass,
    so that a scheduler tries on; what a human must mend was said by the night's own run.
    """
    work, total = _work(settings, source, now, catalogue), Collected(source)
    brands = _ledger.lost(work, night) & set(work.slugs)
    dear = any(getattr(work.source, name, 0) for name in ("POST_MICROS", "DAILY_QUOTA"))
    if dear or not brands or is_off(settings, work.source):
        return total
    total.again.append(night)
    try:
        _count(total, night, *one_night(work, night, again=brands))
    except (CredentialError, TermsError) as error:
        total.failed[night] = error
    if isinstance(lost := total.failed.get(night), RetriableError):
        raise lost
    return total


def _work(settings: Settings, source: str, now: datetime, catalogue: str) -> Work:
    listened = brand_files.catalogue(catalogue, settings.brands)
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    return Work(
        settings=settings,
        engine=engine,
        source=sources.load(source),
        brands=listened,
        matcher=match.compile_catalogue(listened),
        files=match.files(listened),
        now=now,
        queries=brand_files.queries(listened),
        asked_with={name: value for name, value in settings.environ.items() if name.startswith("RAYONNER_")},
    )


def _ask_again(work: Work, first: date, last: date, total: Collected, began: float) -> None:
    """Older nights that were cut short; what they do to us must not undo the night that went well."""
    clock = Ask(work.now).pace.clock
    for night, missed in _ledger.cut_short(work, first, last).items():
        if not (brands := missed & set(work.slugs)):
            continue  # nobody listens to them any more
        if clock() - began > _ENOUGH_S:
            break
        try:
            _count(total, night, *one_night(work, night, again=brands))
        except (CredentialError, TermsError) as error:
            log.warning("%s %s asked for again in vain: %s", work.source.NAME, night, type(error).__name__)
            break
        except Exception:  # a bug: the ledger says that the night is not finished, and last night is not paid again
            log.exception("%s %s asked for again in vain", work.source.NAME, night)
            continue
        total.again.append(night)


def _count(total: Collected, night: date, ask: Ask, tally: Tally) -> None:
    if tally.status == "off":
        return
    if tally.error:
        (total.short if isinstance(tally.error, BudgetError) else total.failed)[night] = tally.error
    total.nights += 1
    total.fetched += ask.fetched
    total.kept += sum(tally.kept.values())
    total.new += tally.new
    total.same += tally.same
    total.skipped += ask.skipped
