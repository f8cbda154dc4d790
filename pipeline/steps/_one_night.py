"""One night of one source: forecast, fetch, match, store, take out what is gone. What came before a failure is kept."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline import match, store
from pipeline.collect import Ask, Gone
from pipeline.errors import BudgetError, CredentialError, PipelineError, RetriableError, SkippableError, TermsError
from pipeline.model import Post, Query, Window, night_of
from pipeline.steps import _found, _ledger, budget
from pipeline.steps._gone import Gathered
from pipeline.steps._work import Tally, Work, is_off, undeclared
from pipeline.store.leaving import overwrite, told_gone
from pipeline.store.posts import Told

log = logging.getLogger(__name__)


def one_night(work: Work, night: date, *, again: Collection[str] = ()) -> tuple[Ask, Tally]:
    """Collect a night and write how it went in the ledger; `tally.error` is what cut it short.

    Until it ends it stands there as failed, so that a night that is killed is known to be cut short. A night asked for
    `again`, for the brands it was cut short for, reads the cursor and moves none, but one that is a memory (the videos
    under which there may be comments).
    Raises CredentialError and TermsError, for which no other night can succeed, once they are written down.
    """
    tally = Tally()
    purse = budget.purse(work.settings, work.engine, work.source, work.slugs, work.now)
    ask = _ask(work, tally, purse, store.cursor(work.engine, work.source.NAME, "night"))
    brands = [slug for slug in work.slugs if slug in again or not again]
    if is_off(work.settings, work.source):
        cure = undeclared(work.settings, work.source)
        tally.status, tally.error = "off", TermsError(cure) if cure else None
    else:
        _ledger.begin(work.engine, work.source.NAME, brands, night)
        _try(_Night(work, night, ask, tally, again, ask.pace.clock()), purse)
    told = _ledger.Told(ask, tally.status, tally.error, tally.kept, tally.expected, purse.paid, tally.left)
    _ledger.write(work.engine, work.source.NAME, brands, night, told, again=bool(again))
    if tally.status != "off" and isinstance(tally.error, CredentialError | TermsError):
        raise tally.error
    return ask, tally


@dataclass(frozen=True, slots=True)
class _Night:
    """One night under way; `began` is on the clock of `ask.pace`."""

    work: Work
    night: date
    ask: Ask
    tally: Tally
    again: Collection[str]
    began: float

    @property
    def source(self) -> str:
        return self.work.source.NAME

    @property
    def queries(self) -> list[Query]:
        """What is asked: a brand whose part of the night was whole is not paid for twice."""
        return [query for query in self.work.queries if query.brand in self.again or not self.again]

    @property
    def cursor(self) -> store.Cursor | None:
        """Where the source stopped, to be kept; of a night asked for again only a memory, which grows."""
        kept = not self.again or getattr(self.work.source, "REMEMBERS", False)
        return store.Cursor(self.source, "night", self.ask.cursor, self.work.now) if self.ask.cursor and kept else None

    @property
    def late_for(self) -> tuple[str, date] | None:
        """The night itself when this run comes after the one that is its own: what is new to it is late."""
        return (self.source, self.night) if night_of(self.work.now) > self.night + timedelta(days=1) else None


def _try(one: _Night, purse: budget.StoredPurse) -> None:
    tally = one.tally
    try:
        budget.mind_the_bill(one.work.settings, one.work.source)
        tally.expected = _expected(one, purse)
        _store_night(one)
    except PipelineError as error:
        tally.error, tally.status = error, "budget" if isinstance(error, BudgetError) else "failed"
        log.warning("%s %s cut short: %s", one.source, one.night, type(error).__name__)
    else:
        tally.status = "partial" if one.ask.truncated else "complete"


def _ask(work: Work, tally: Tally, purse: budget.StoredPurse, cursor: str | None) -> Ask:
    def of_use(gone: Sequence[Gone]) -> list[Gone]:
        """Deletions of what came this night, which the store may not hold yet, and of what it holds."""
        met = {one for one in gone if one.post_id in tally.seen or one.author_id in tally.authors}
        rest = [one for one in gone if one not in met]
        return [*met, *told_gone(work.engine, rest, work.source.NAME, work.settings.author_key)]

    return Ask(
        now=work.now,
        settings=work.asked_with,
        base_url=work.asked_with.get(f"RAYONNER_{work.source.NAME.upper()}_URL"),
        cursor=cursor,
        purse=purse,
        plausible=work.matcher.touches,
        gone=Gathered(of_use),
    )


def _expected(one: _Night, purse: budget.StoredPurse) -> dict[str, int]:
    """Posts to come by brand: by the platform's own counts, else by the same weekdays; unknown brands are left out."""
    counted = getattr(one.work.source, "expected", None)
    if counted is None:
        return _ledger.usual(one.work.engine, one.source, one.night)
    try:
        expected: dict[str, int] = counted(Window.night(one.night), one.queries, one.ask)
    except (RetriableError, SkippableError) as error:  # the posts themselves may still come, and be paid for
        log.warning("%s %s: no forecast: %s", one.source, one.night, type(error).__name__)
        return {}
    if told := budget.warning(purse, expected, getattr(one.work.source, "POST_MICROS", None)):
        log.warning("%s %s: %s", one.source, one.night, told)
    return expected


def _store_night(one: _Night) -> None:
    work, broke = one.work, list[PipelineError]()
    expires_on = _found.expiry(one.source, night_of(work.now), work.settings.retention_days)
    brands = {brand.slug: brand for brand in work.brands}
    stream = _until_it_breaks(work.source.posts(Window.night(one.night), one.queries, one.ask), broke)
    for batch in _found.batches(_once(stream, one.ask, one.tally)):
        _save(one, [f for post in batch if (f := _found.found(post, work.matcher, brands, expires_on))])
    # A night without posts may still have moved the cursor (a feed that says "not modified") or told of deletions.
    _save(one, [])
    if one.tally.left:
        overwrite(work.engine)
    if broke:
        raise broke[0]


def _until_it_breaks(stream: Iterator[Post], broke: list[PipelineError]) -> Iterator[Post]:
    """The posts that came before the error, which is put aside: they were asked for, and perhaps paid."""
    try:
        yield from stream
    except PipelineError as error:
        broke.append(error)


def _save(one: _Night, kept: list[store.Found]) -> None:
    """Posts, then deletions, then the cursor that follows them, in one transaction."""
    work, ask, tally = one.work, one.ask, one.tally
    moment = work.now + timedelta(seconds=ask.pace.clock() - one.began)
    if isinstance(ask.gone, Gathered):
        ask.gone.sift()
    saved = store.save_found(
        work.engine,
        kept,
        key=work.settings.author_key,
        matcher=match.VERSION,
        files=work.files,
        cursor=one.cursor,
        brands=work.slugs,
        told=Told(one.source, list(ask.gone), moment),
        late_for=one.late_for,
    )
    ask.gone.clear()
    tally.new += saved.new
    tally.changed += saved.changed
    tally.same += saved.same
    tally.left += saved.left
    tally.kept.update(m.brand for f in kept for m in f.mentions if m.accepted)


def _once(stream: Iterator[Post], ask: Ask, tally: Tally) -> Iterator[Post]:
    """Let a post through once a night: platforms repeat themselves across pages and queries."""
    for post in stream:
        if post.post_id in tally.seen:
            ask.skip("duplicate")
            continue
        tally.seen.add(post.post_id)
        if post.author_id:
            tally.authors.add(post.author_id)
        yield post
