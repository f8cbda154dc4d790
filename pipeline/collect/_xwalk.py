"""One night of X: what may be asked of it, and its questions walked page by page, each page paid before it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.collect import Ask, _xanswers
from pipeline.collect._json import Json
from pipeline.collect._paging import Page, pages
from pipeline.collect._paying import paying, times
from pipeline.collect._plan import Planned
from pipeline.collect._purse import Cost
from pipeline.collect._xapi import Api
from pipeline.collect._xterms import SOURCE, Plan
from pipeline.errors import BudgetError, ConfigError
from pipeline.model import Window

_LOOK_BACK = timedelta(days=7)  # of recent search
MARGIN = timedelta(minutes=1)  # both ends of what may be asked move on while a night runs
_FEWEST = 10  # posts of a page, by X's rule


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a night that may be asked."""

    start: datetime
    end: datetime


def reach(window: Window, plan: Plan, ask: Ask) -> Span:
    """What of the window the plan reaches. Raises ConfigError when that is nothing."""
    start, end = window.start, min(window.end, ask.now - MARGIN)
    if not plan.archive:
        start = max(start, ask.now - _LOOK_BACK + MARGIN)
    if end <= start:
        told = "recent search reaches 7 days back: set RAYONNER_X_PLAN to a plan with the archive, or import a file"
        raise ConfigError(f"x: {'the night is not over' if plan.archive else told}", source=SOURCE)
    return Span(start, end)


def walk(api: Api, question: Planned, span: Span, ask: Ask) -> Iterator[Json]:
    """The pages of one question. Raises BudgetError when there is no money for the smallest page."""

    def turn(token: str) -> Page[Json]:
        page = _afforded(api, question, span, token, ask)
        return Page(page, _xanswers.following(page), _xanswers.ids(page))

    return pages(ask, "", turn)


def counted(api: Api, question: Planned, span: Span, ask: Ask) -> int:
    """How many posts X counts for one question; a request for each 31 days."""

    def turn(token: str) -> Page[Json]:
        each, before = Cost(requests=1, micros=api.plan.count_micros), ask.asked
        # Counts are billed by the request, so a try whose answer is lost may be billed as well.
        with paying(ask, times(each, api.tries), question.brands) as bill:
            page = api.count(question.text, span.start, span.end, token)
            bill.cost = times(each, ask.asked - before)
        return Page(page, _xanswers.following(page))

    return sum(map(_xanswers.number, pages(ask, "", turn)))


def _afforded(api: Api, question: Planned, span: Span, token: str, ask: Ask) -> Json:
    """The largest page there is money for."""
    size = api.plan.page
    while True:
        try:
            with paying(ask, _xanswers.most(size, authors=True), question.brands) as bill:
                page = api.search(question.text, span.start, span.end, size, token)
                bill.cost = _xanswers.cost(page)
                return page
        except BudgetError:
            if size == _FEWEST:
                raise
            size = max(_FEWEST, size // 2)
