"""Feeds of the regional press and of institutions, named in the brand files: headlines and links, as offered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.collect import Ask, Later, Legal, Mend
from pipeline.collect._answer import Answer
from pipeline.collect._articles import Night, Span, articles
from pipeline.collect._feed import headlines, whole
from pipeline.collect._feeds_seen import Seen, read, written
from pipeline.collect._hosts import bare
from pipeline.collect._http import Client
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned
from pipeline.errors import (
    ConfigError,
    CredentialError,
    GoneError,
    MalformedError,
    PipelineError,
    RetriableError,
    SchemaError,
    UnavailableError,
)
from pipeline.model import Post, Query, Window

log = logging.getLogger(__name__)

NAME = "rss"
NEEDS: tuple[str, ...] = ()
LEGAL = Legal(
    # Links and very short extracts stay free: Directive (EU) 2019/790, article 15(1).
    terms="headline and link as the publisher offers them in its feed; no text of the article",
    show_text=True,
)

# The largest feed of a newspaper is some 500 kB; a feed of 4 MB takes half a minute to read at worst.
POLICY = replace(POLITE, most_bytes=4 << 20)

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

_NO_FEED = "no feed is named: add [press] feeds to a brand file, or take rss out of RAYONNER_SOURCES"


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The articles of the window in the queries' feeds, each once; `ask.cursor` remembers each feed's version.

    A feed that cannot be read makes the night partial until it is known to be dead; one that answers 410 is asked
    no more. Raises UnavailableError when no feed at all could be read, ConfigError when none is named.
    """
    feeds = [planned.text for planned in plan(queries)]
    if not feeds:
        raise ConfigError(f"rss: {_NO_FEED}", source=NAME)
    night = Night(window, ask, read(ask.cursor))
    with Client(ask, NAME, *_bases(ask), policy=POLICY) as client:
        for feed in feeds:
            yield from _fed(client, feed, night)
            ask.cursor = written(night.seen)
    if night.lost == len(feeds):
        raise UnavailableError(f"rss: none of {len(feeds)} feeds can be read", source=NAME)


def plan(queries: Sequence[Query]) -> list[Planned]:
    """The feeds to read, each once whoever names it."""
    asked: dict[str, list[str]] = {}
    for query in queries:
        for feed in query.feeds:
            asked.setdefault(feed, []).append(query.brand)
    return [Planned(feed, tuple(dict.fromkeys(brands)), (feed,)) for feed, brands in asked.items()]


def check(ask: Ask, queries: Sequence[Query] = ()) -> str:
    """One line: how many feeds answer, which must be mended, which are only out of reach now. One request a feed."""
    feeds, broken, lost = [planned.text for planned in plan(queries)], list[str](), list[str]()
    with Client(ask, NAME, *_bases(ask), policy=replace(POLICY, tries=1)) as client:
        for feed in feeds:
            try:
                headlines(client.get(feed, headers={"accept": _ACCEPT}, expect="text"), feed)
            except RetriableError:
                lost.append(bare(feed))
            except PipelineError as error:
                broken.append(f"{bare(feed)} ({error.status or _reason(error)})")
    if not feeds:
        return Mend(_NO_FEED)
    told = f"{len(feeds) - len(broken) - len(lost)} of {len(feeds)} feeds can be read"
    if lost:
        more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
        told += f"; out of reach now, to be mended only if it lasts: {', '.join(lost[:3])}{more}"
    if broken:
        return Mend(f"{told}; mend in the brand files: {', '.join(broken)}")
    return Later(told) if len(lost) == len(feeds) else told


def _bases(ask: Ask) -> list[str]:
    return [ask.base_url] if ask.base_url else []


def _fed(client: Client, feed: str, night: Night) -> Iterator[Post]:
    """The posts of one feed, and what is now known of it."""
    ask, seen = night.ask, night.seen.setdefault(feed, Seen())
    if seen.gone:
        ask.skip("feed_gone")
        return
    try:
        answer = _fetched(client, feed, seen, night)
        found = headlines(answer, answer.url) if answer else []
    except (RetriableError, CredentialError, SchemaError, MalformedError, GoneError) as error:
        _failed(error, feed, seen, night)
        return
    seen.failing_since = ""
    if answer:
        span = Span()
        yield from articles(found, night, span)
        _note(answer, span, seen, night)


def _fetched(client: Client, feed: str, seen: Seen, night: Night) -> Answer | None:
    """The feed's new version; None where there is none (304), or never will be (410)."""
    conditions = seen.conditions(night.window)
    answer = client.get(seen.moved or feed, headers={"accept": _ACCEPT, **conditions}, expect=whole, also=(304, 410))
    if answer.moved and answer.moved != seen.moved:
        seen.moved = answer.moved
        night.ask.hint("feed_moved")
    if answer.status == 410:
        seen.gone = True
        night.ask.skip("feed_gone")
        log.warning("rss: %s is gone for good: take it out of the brand files", bare(feed))
    elif answer.status == 304:
        night.ask.hint("not_modified")
    return answer if answer.status == 200 else None


def _failed(error: PipelineError, feed: str, seen: Seen, night: Night) -> None:
    """Count a feed that could not be read; a dead one no longer makes the night partial."""
    night.lost += 1
    dead = seen.failed(night.window)
    night.ask.truncated |= not dead
    night.ask.skip("feed_dead" if dead else _reason(error))
    log.warning("rss: %s cannot be read: %s", bare(feed), type(error).__name__)


def _reason(error: PipelineError) -> str:
    if isinstance(error, MalformedError):
        return error.reason
    if isinstance(error, GoneError):
        return "feed_missing"
    return "feed_lost" if isinstance(error, RetriableError) else "feed_closed"


def _note(answer: Answer, span: Span, seen: Seen, night: Night) -> None:
    """Remember the version read; say so when it begins after the window does, for what came before has fallen off."""
    seen.etag, seen.modified = answer.headers.get("etag", "")[:500], answer.headers.get("last-modified", "")[:100]
    seen.newest = span.newest.isoformat() if span.newest else ""
    if span.oldest and span.oldest > night.window.start:
        night.ask.truncated = True
        night.ask.hint("feed_too_short")
