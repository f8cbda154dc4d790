"""GDELT's DOC 2.0 search of the world's online press: headlines and links; free, often overloaded, best effort.

It matches on an English machine translation, so names of places find more than French slogans do. Its tone is its
own and is not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.collect import Ask, Later, Legal
from pipeline.collect._answer import Answer
from pipeline.collect._draft import finish, loosely
from pipeline.collect._feed import canonical
from pipeline.collect._html import plain
from pipeline.collect._http import Client
from pipeline.collect._json import dig, many
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned, cut, packed, phrase, shared, widest, words
from pipeline.collect._refusal import refusal
from pipeline.errors import MalformedError, RateLimitedError, SchemaError, UnavailableError
from pipeline.model import Post, Query, Window

NAME = "gdelt"
NEEDS: tuple[str, ...] = ()
LEGAL = Legal(terms="GDELT, free for any use with attribution; headline and link only", show_text=True)

BASE = "https://api.gdeltproject.org"

# One request every 5 seconds, and a second try only: it sheds load for minutes at a time (seen 2026-11).
POLICY = replace(POLITE, gap_s=5.0, tries=2)

_CAP = 250  # articles an answer, whatever is asked
_SHORTEST = timedelta(hours=1)  # a window that overflows is halved down to this
_FRENCH_PRESS = " sourcecountry:FR"
# The documented error for both ends says no figure; answers were refused beyond some 250 characters.
_MOST = 240
_FEWEST = 3  # characters a word must have to be searched


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The articles of the French press that GDELT met in the window, each once; `created_at` is when it met them.

    A span with more articles than an answer holds is halved; at one hour the rest is lost and `ask.truncated` set.
    Raises UnavailableError or RateLimitedError when it is overloaded.
    """
    seen: set[str] = set()
    with Client(ask, NAME, ask.base_url or BASE, policy=POLICY) as client:
        for planned in plan(queries):
            for article in _found(client, planned.text, window.start, window.end, ask):
                post = _read(article, ask)
                if post is None or not window.holds(post.created_at):
                    continue
                if post.post_id in seen:
                    ask.skip("duplicate")
                    continue
                seen.add(post.post_id)
                ask.fetched += 1
                yield post


def plan(queries: Sequence[Query]) -> list[Planned]:
    """The questions: phrases of all brands joined by OR, in the French press, in as few as the length allows."""
    asked = widest(shared(queries, _phrases))
    room = _MOST - len(_FRENCH_PRESS) - len("()")
    planned = []
    for group in packed(asked, room, " OR "):
        joined = asked[group[0]]
        for text in group[1:]:
            joined = joined.join(asked[text])
        either = f"({' OR '.join(group)})" if len(group) > 1 else group[0]
        planned.append(joined.planned(either + _FRENCH_PRESS))
    return planned


def check(ask: Ask) -> str:
    """One line: whether it answers. One request."""
    with Client(ask, NAME, ask.base_url or BASE, policy=replace(POLICY, tries=1)) as client:
        try:
            _asked(client, f'"Dijon"{_FRENCH_PRESS}', ask.now - timedelta(hours=1), ask.now)
        except (RateLimitedError, UnavailableError):
            return Later("overloaded or out of reach: nothing to mend, the nights it misses are marked")
    return "answers"


def _phrases(query: Query) -> Iterator[tuple[str, str]]:
    """Each word in quotes; those too short for it are left to the words that hold them."""
    for word in words(query):
        text = cut(phrase(word), _MOST - len(_FRENCH_PRESS) - len('("")'))
        if len(text) >= _FEWEST:
            yield f'"{text}"', word


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
