"""GDELT's DOC 2.0 search of the world's online press: headlines and links; free, often overloaded, best effort.

It matches on an English machine translation, so names of places find more than French slogans do. Its tone is its
own and is not read.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pipeline.collect import Ask, Later, Legal
from pipeline.collect._answer import Answer
from pipeline.collect._draft import finish, loosely
from pipeline.collect._feed import canonical
from pipeline.collect._gdelt_plan import groups, joined, too_short
from pipeline.collect._html import plain
from pipeline.collect._http import Client
from pipeline.collect._json import dig, many
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned
from pipeline.collect._refusal import refusal
from pipeline.collect._unseen import concerning, unseen
from pipeline.errors import (
    MalformedError,
    PipelineError,
    RateLimitedError,
    SchemaError,
    SkippableError,
    UnavailableError,
)
from pipeline.model import Post, Query, Window

log = logging.getLogger(__name__)

NAME = "gdelt"
NEEDS: tuple[str, ...] = ()
LEGAL = Legal(terms="GDELT, free for any use with attribution; headline and link only", show_text=True)

BASE = "https://api.gdeltproject.org"

# One request every 5 seconds, and a second try only: it sheds load for minutes at a time (seen 2026-11).
POLICY = replace(POLITE, gap_s=5.0, tries=2)

_CAP = 250  # articles an answer, whatever is asked
_SHORTEST = timedelta(hours=1)  # a window that overflows is halved down to this


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The articles of the French press that GDELT met in the window, each once; `created_at` is when it met them.

    A span with more articles than an answer holds is halved; at one hour the rest is lost and `ask.truncated` set. A
    question that is refused is asked again phrase by phrase, and its brands alone lose what is refused then. Raises
    UnavailableError or RateLimitedError when it is overloaded, the last refusal when every phrase is refused.
    """
    night, asked = _Night(window, ask), groups(queries)
    for _ in range(too_short(queries)):
        ask.hint("word_too_short")
    with Client(ask, NAME, ask.base_url or BASE, policy=POLICY) as client:
        for phrases in asked:
            yield from _told(client, phrases, night)
    if asked and len(night.lost) == sum(map(len, asked)):
        raise night.lost[-1]


def plan(queries: Sequence[Query]) -> list[Planned]:
    """The questions: phrases of all brands joined by OR, in the French press, in as few as the length allows."""
    return [joined(phrases) for phrases in groups(queries)]


def check(ask: Ask) -> str:
    """One line: whether it answers. One request."""
    with Client(ask, NAME, ask.base_url or BASE, policy=replace(POLICY, tries=1)) as client:
        try:
            _asked(client, joined([Planned('"Dijon"', (), ())]).text, ask.now - timedelta(hours=1), ask.now)
        except (RateLimitedError, UnavailableError):
            return Later("overloaded or out of reach: nothing to mend, the nights it misses are marked")
    return "answers"


@dataclass(slots=True)
class _Night:
    """One night's reading: the ids of what was yielded, and the refusals of the phrases that are lost."""

    window: Window
    ask: Ask
    seen: set[str] = field(default_factory=set)
    lost: list[PipelineError] = field(default_factory=list)


def _told(client: Client, phrases: Sequence[Planned], night: _Night) -> Iterator[Post]:
    """The posts of one question; where it is refused, of each of its phrases asked alone."""
    window, ask, question = night.window, night.ask, joined(phrases)
    try:
        with concerning(ask, question.brands):
            for article in _found(client, question.text, window.start, window.end, ask):
                post = _read(article, ask)
                if post and window.holds(post.created_at):
                    yield from unseen([post], window, night.seen, ask)
    except (SchemaError, SkippableError) as error:
        if len(phrases) > 1:
            for alone in phrases:
                yield from _told(client, [alone], night)
            return
        night.lost.append(error)
        _report(error, question, ask)


def _report(error: PipelineError, question: Planned, ask: Ask) -> None:
    with concerning(ask, question.brands):
        ask.truncated = True
        ask.skip(error.reason if isinstance(error, MalformedError) else "question_refused")
    brands = ", ".join(question.brands)
    log.warning("gdelt: %s for %s is lost: %s", question.text, brands, type(error).__name__)


def _found(client: Client, text: str, start: datetime, end: datetime, ask: Ask) -> Iterator[object]:
    articles = _asked(client, text, start, end)
    if len(articles) < _CAP:
        yield from articles
        return
    middle = start + (end - start) / 2
    if middle - start >= _SHORTEST:
        yield from _found(client, text, start, middle, ask)
        yield from _found(client, text, middle, end, ask)
        return
    ask.truncated = True
    ask.hint("more_than_250")
    yield from articles


def _asked(client: Client, text: str, start: datetime, end: datetime) -> list[object]:
    """The articles of one answer. Both ends are included by GDELT, so the last second is left to the next span."""
    span = {"startdatetime": f"{start:%Y%m%d%H%M%S}", "enddatetime": f"{end - timedelta(seconds=1):%Y%m%d%H%M%S}"}
    params = {"query": text, "mode": "artlist", "format": "json", "maxrecords": str(_CAP), "sort": "dateasc", **span}
    told = client.get("/api/v2/doc/doc", params, expect=_articles).said
    return told if isinstance(told, list) else []


def _articles(answer: Answer) -> list[object]:
    """The articles of an answer: its errors are a line of text, and come with status 200."""
    text = answer.text.strip()
    if text.startswith("{"):
        try:
            # Seen with unescaped control characters in titles, which strict JSON refuses.
            return many(json.loads(text, strict=False), "articles")
        except (ValueError, RecursionError):
            raise UnavailableError("gdelt: broken JSON", source=NAME) from None
    if "limit requests" in text[:500].lower():
        raise RateLimitedError("gdelt: asked to slow down", source=NAME, status=answer.status)
    if "too short" in text[:500].lower() or "too long" in text[:500].lower():
        raise SchemaError("gdelt: a question is too short or too long for it", source=NAME, status=answer.status)
    raise UnavailableError("gdelt: an answer that is no JSON", source=NAME, status=answer.status)


def _read(article: object, ask: Ask) -> Post | None:
    """One article as a post, None when it cannot be read, which is counted."""
    try:
        link, title, domain = dig(article, "url"), dig(article, "title"), dig(article, "domain")
        if not isinstance(link, str) or not link.startswith(("http://", "https://")):
            raise refusal("bad_address")
        site = domain.lower().removeprefix("www.") if isinstance(domain, str) else None
        fields = {"post_id": canonical(link), "created_at": _seen(dig(article, "seendate")), "url": link}
        fields |= {"text": " ".join(plain(title).split()) if isinstance(title, str) else None, "kind": "article"}
        fields |= {"author_id": site, "author_handle": site, "first_seen": ask.now.isoformat()}
        return finish(loosely(fields), ask, NAME)
    except (MalformedError, ValueError) as error:
        ask.skip(error.reason if isinstance(error, MalformedError) else "bad_address")
        return None


def _seen(given: object) -> datetime:
    """GDELT's 20260905T131500Z. Raises MalformedError `bad_date`."""
    try:
        return datetime.strptime(str(given)[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise refusal("bad_date") from error
