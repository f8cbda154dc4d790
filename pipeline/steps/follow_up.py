"""Look again at kept posts: their counts at equal ages, and whether they are still there."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from pipeline import collect as sources
from pipeline import store
from pipeline.collect import Ask
from pipeline.errors import BudgetError
from pipeline.settings import Settings
from pipeline.steps import _found, budget
from pipeline.steps._work import is_off
from pipeline.store import rechecks
from pipeline.store.leaving import overwrite
from pipeline.store.rechecks import AGES, Due

log = logging.getLogger(__name__)

# How often the DAG `upkeep` runs, and how late it may start: what would be too late at the next run is done in this.
EVERY, LATE = timedelta(hours=12), timedelta(hours=1)
LEAD = EVERY + LATE

# Posts handed to a source at once (it logs in once for them), and answers in one transaction.
_PAGE, _BATCH = 10_000, 500

# Once it has taken this long no more posts are begun: the task ends after three hours, and the next one goes on.
_ENOUGH_S = 3600.0


@dataclass(slots=True)
class Followed:
    """What second looks at one source's posts told.

    `seen` posts are still there, `observed` counts were news, `left` posts were taken out. `short` is whether the
    budget ended it; `overdue` posts were not looked at within the delay of the source's terms, now that it is over.
    `reasons` counts what the source could not ask or use, in the words of docs/sources.md.
    """

    source: str
    seen: int = 0
    observed: int = 0
    left: int = 0
    short: bool = False
    overdue: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def follow_up(settings: Settings, source: str, *, now: datetime) -> Followed:
    """Look at the posts of a source that are due: for its terms' delay on deletions, and for ages 1, 3, 7 and 28.

    Posts are looked at the longest unseen first. Each look is kept in the transaction of what it told: killed anywhere,
    the next run goes on. Nothing where the source cannot look again or is off. The budget ends it without failing.
    Raises ConfigError for a source that costs money and has no cap, and the source's own errors once what came is kept.
    """
    module, done = sources.load(source), Followed(source)
    if not hasattr(module, "again") or is_off(settings, module):
        return done
    budget.mind_the_bill(settings, module)
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    look = _looking(settings, engine, module, now, done)
    try:
        _look_at_all(engine, module, now, look)
    except BudgetError as short:
        done.short = True
        log.warning("%s: second looks end here: %s", source, short)
    finally:
        if done.left:
            overwrite(engine)
        done.overdue = rechecks.overdue(engine, source, overdue_before(module, now))
    log.info("%s: %d posts seen again, %d gone, %d overdue", source, done.seen, done.left, done.overdue)
    if done.reasons:
        log.info("%s: %s", source, ", ".join(f"{reason} {n}" for reason, n in sorted(done.reasons.items())))
    return done


def overdue_before(source: sources.Source, now: datetime) -> datetime:
    """A kept post last looked at before this has been kept beyond the delay of its source's terms."""
    return now - timedelta(hours=source.LEGAL.delete_within_hours)


def _look_at_all(
    engine: store.Engine, source: sources.Source, now: datetime, look: Callable[[Sequence[Due]], bool]
) -> None:
    """First what the terms ask for, then the ages; each post is asked for once, for its last look is then now."""
    name = source.NAME
    for age in AGES:  # before newer looks hide the ones that were made in time
        for page in _pages(partial(rechecks.coming_of_age, engine, name, age, now, LEAD, _PAGE)):
            rechecks.settle(engine, age, page, now, LEAD)
    # A look that the next run would make too late is made in this one; never twice in a run.
    before = min(overdue_before(source, now) + LEAD, now - LATE)
    for page in _pages(partial(rechecks.unseen, engine, name, before, _PAGE)):
        if not look(page):
            return
    for age in AGES:
        for page in _pages(partial(rechecks.coming_of_age, engine, name, age, now, LEAD, _PAGE)):
            if (waiting := rechecks.settle(engine, age, page, now, LEAD)) and not look(waiting):
                return


def _pages(page: Callable[[Due | None], list[Due]]) -> Iterator[list[Due]]:
    """Pages one after the other, each from the end of the one before, however many of its posts were answered."""
    found = page(None)
    while found:
        yield found
        found = page(found[-1])


def _looking(
    settings: Settings, engine: store.Engine, source: sources.Source, now: datetime, done: Followed
) -> Callable[[Sequence[Due]], bool]:
    """A function that looks at posts and keeps what it sees in the store; False once there is no time for more."""
    given = {name: value for name, value in settings.environ.items() if name.startswith("RAYONNER_")}
    ask = Ask(
        now=now,
        settings=given,
        base_url=given.get(f"RAYONNER_{source.NAME.upper()}_URL"),
        purse=budget.purse_of_looks(settings, engine, source, now),
        reasons=done.reasons,
    )
    began, again = ask.pace.clock(), source.again  # type: ignore[attr-defined]  # an optional part of a source
    asked: set[int] = set()

    def look(posts: Sequence[Due]) -> bool:
        ask.asked = 0  # what a night may ask bounds each page of posts; all of them are bounded by time
        ids = [post.post_id for post in posts if post.post_key not in asked]
        asked.update(post.post_key for post in posts)
        for batch in _found.batches(again(ids, ask), _BATCH):
            at = now + timedelta(seconds=ask.pace.clock() - began)
            told = rechecks.save_looks(engine, source.NAME, batch, key=settings.author_key, at=at, lead=LEAD)
            done.seen += told.seen
            done.observed += told.observed
            done.left += told.left
        return ask.pace.clock() - began < _ENOUGH_S

    return look
