"""What is read of Reddit in one night: listings walked back from the newest, then the comments below what was found."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import praw
from praw.models import Comment

from pipeline.collect import Ask, _reddit_thing
from pipeline.collect._json import dig
from pipeline.collect._moments import moment
from pipeline.collect._paging import Page, pages
from pipeline.collect._plan import Planned
from pipeline.collect._reddit_door import Door, wall
from pipeline.collect._reddit_info import children, thing_of
from pipeline.collect._reddit_thing import COMMENT, SUBMISSION, Thing
from pipeline.errors import BudgetError, CredentialError, GoneError, MalformedError, SkippableError
from pipeline.model import Post, Window

log = logging.getLogger(__name__)

_PAGE = 100  # the most a listing gives at once
# Talk below a submission dies down in days; each day more is more submissions to open every night.
_TALKED_OF = timedelta(days=3)
_MOST_TREES = 200  # submissions opened a night: 20 minutes of requests with what is below them
_MOST_MORE = 8  # calls of up to 100 further comments below one submission
_MOST_COMMENTS = 500  # comments in the first answer; Reddit's own ceiling

_CLOSED = ("subreddit_closed", "subreddit_unknown")

_SPANS = ((1, "day"), (7, "week"), (31, "month"), (365, "year"))


@dataclass(slots=True)
class Night:
    """One night: what it is asked, PRAW and its door, ids already met, and the submissions people talk below.

    `closed` are places that cannot be searched, asked once; `spent` is the refusal of the purse, where there was one.
    """

    window: Window
    ask: Ask
    reddit: praw.Reddit
    door: Door
    seen: set[str] = field(default_factory=set)
    trees: dict[str, Sequence[str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    spent: BudgetError | None = None

    @property
    def since(self) -> datetime:
        """The creation of the oldest submission whose comments may lie in the window."""
        return self.window.start - _TALKED_OF


def searched(night: Night, place: str, asked: Planned) -> Iterator[Post]:
    """The submissions of the window that one question finds in one place; a place that is closed is counted."""
    if place in night.closed:
        return
    night.door.brands = asked.brands
    try:
        for things in pages(night.ask, "", lambda after: _page(night, place, asked.text, after)):
            for thing in things:
                yield from _submission(thing, night, asked.brands)
    except BudgetError as error:
        _stop(night, error)
    except (CredentialError, SkippableError) as error:
        if place == "all" and isinstance(error, CredentialError):
            raise
        night.ask.truncated = True
        night.ask.skip(why := _why(place, error))
        if why in _CLOSED:
            night.closed.add(place)
        log.warning("reddit: r/%s cannot be searched: %s", place, type(error).__name__)


def talked(night: Night) -> Iterator[Post]:
    """The comments of the window below the submissions found, the newest submissions first."""
    if len(night.trees) > _MOST_TREES:
        night.ask.truncated = True
        night.ask.hint("talk_not_read")
    for own in sorted(night.trees, key=lambda name: (len(name), name), reverse=True)[:_MOST_TREES]:
        night.door.brands = night.trees[own]
        try:
            for thing in _below(night, own):
                yield from _taken(thing, COMMENT, night)
        except BudgetError as error:
            _stop(night, error)


def _stop(night: Night, error: BudgetError) -> None:
    """Leave one question or thread; what other brands pay for goes on."""
    night.spent = error
    night.ask.truncated = True
    night.ask.skip("budget")


def _page(night: Night, place: str, text: str, after: str) -> Page[list[Thing]]:
    params: dict[str, str | int] = {
        "q": text,
        "sort": "new",
        "t": _span(night),
        "type": "link",
        "limit": _PAGE,
        "syntax": "lucene",
    }
    params |= {"restrict_sr": str(place != "all").lower(), **({"after": after} if after else {})}
    with wall():
        told = night.reddit.request(method="GET", path=f"r/{place}/search/", params=params)
    things = [thing_of(one) for one in children(told) if dig(one, "kind") == SUBMISSION]
    created = [at for thing in things if thing and (at := _created(thing))]
    following = dig(told, "data", "after")
    if created and max(created) < night.since:
        following = None
    elif not following and after and created and min(created) >= night.window.start:
        # The most of a listing is near 1,000 and of a search often 250 (seen 2018 to 2026): it ended before the window.
        night.ask.truncated = True
        night.ask.hint("listing_end")
    mark = tuple(str(thing.get("id")) for thing in things if thing) or None
    return Page([thing or {} for thing in things], following if isinstance(following, str) else None, mark)


def _span(night: Night) -> str:
    """The shortest of Reddit's spans that reaches back far enough."""
    days = (night.ask.now - night.since) / timedelta(days=1)
    return next((name for most, name in _SPANS if days <= most), "all")


def _submission(thing: Thing, night: Night, brands: Sequence[str]) -> Iterator[Post]:
    """The submission if the window holds it; its comments are noted for later either way."""
    own, created = _reddit_thing.fullname(thing, SUBMISSION), _created(thing)
    if own and created and night.since <= created < night.window.end and thing.get("num_comments"):
        night.trees.setdefault(own, brands)
    yield from _taken(thing, SUBMISSION, night)


def _taken(thing: Thing, kind: str, night: Night) -> Iterator[Post]:
    """The post if the window holds it and it was not met before; what cannot be read is counted."""
    created, own = _created(thing), _reddit_thing.fullname(thing, kind)
    if created and not night.window.holds(created):
        return
    if own in night.seen:
        night.ask.skip("duplicate")
        return
    night.seen |= {own} if own else set()
    try:
        post = _reddit_thing.post(thing, kind, night.ask)
    except MalformedError as error:
        night.ask.skip(error.reason)
        return
    night.ask.fetched += 1
    yield post


def _below(night: Night, own: str) -> list[Thing]:
    """The comments below a submission, as many as may be read; what is left out is counted."""
    ask, found = night.ask, list[Thing]()
    try:
        with wall():
            submission = night.reddit.submission(own.partition("_")[2])
            submission.comment_sort, submission.comment_limit = "new", _MOST_COMMENTS
            left = submission.comments.replace_more(limit=_MOST_MORE)
            found = [vars(one) for one in submission.comments.list() if isinstance(one, Comment)]
    except (CredentialError, SkippableError) as error:  # quarantined, gone, or of a shape PRAW does not know
        ask.truncated = True
        ask.skip("talk_gone" if isinstance(error, GoneError) else "talk_lost")
        return []
    if left:
        ask.truncated = True
        ask.hint("talk_cut")
    return found


def _why(place: str, error: Exception) -> str:
    if isinstance(error, MalformedError):
        return error.reason
    if isinstance(error, CredentialError):
        return "subreddit_closed"
    return "question_refused" if place == "all" else "subreddit_unknown"


def _created(thing: Thing) -> datetime | None:
    try:
        return moment(thing.get("created_utc"))[0]
    except MalformedError:
        return None
