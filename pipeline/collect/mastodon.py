"""Mastodon and servers that speak its API: hashtag timelines of several servers, and, with a token, their search.

A server shows what federated to it, so several are asked and a post seen on two is one post. What a server keeps
closed is reported as not seen, never as silence.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.collect import Again, Ask, Later, Legal, Mend
from pipeline.collect._http import Client
from pipeline.collect._instance import Server, enter, searched, tagged
from pipeline.collect._instance_address import at_address
from pipeline.collect._instance_again import at_home, elsewhere, home
from pipeline.collect._instance_places import servers_of
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned, cut, hashtag, phrase, shared, unaccented, widest, words
from pipeline.errors import (
    CredentialError,
    GoneError,
    PipelineError,
    RetriableError,
    SkippableError,
)
from pipeline.model import Post, Query, Window

log = logging.getLogger(__name__)

NAME = "mastodon"
NEEDS: tuple[str, ...] = ()
LEGAL = Legal(terms="public posts of people who did not opt out of search; each server's own terms apply")

POLICY = POLITE
# Hundreds of second looks in a row: a server's 300 requests in 5 minutes are never used up.
_LOOKS = replace(POLITE, gap_s=1.0)

_MOST_TAG = 100  # characters; longer tags are not written
_MOST_PHRASE = 200  # characters; a longer tagline is found by its beginning


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The public posts of the window that carry a hashtag (with a token: or a phrase) of the queries, each once.

    Of a server that cannot be reached or keeps its timelines closed the night lacks a part: `ask.truncated`, and
    counted. Raises the last server's error when none could be read.
    """
    servers, lost = servers_of(ask), list[PipelineError]()
    seen: set[str] = set()
    with Client(ask, NAME, *(server.base for server in servers), policy=POLICY) as client:
        for server in servers:
            try:
                for found in _told(client, server, window, queries, ask):
                    if found.post_id in seen:
                        ask.skip("duplicate")
                        continue
                    seen.add(found.post_id)
                    ask.fetched += 1
                    yield found
            except PipelineError as error:  # whatever one server does, the others are read
                lost.append(error)
                _report(error, server, ask)
            _remember(server, ask)
    if len(lost) == len(servers):
        raise _worth_telling(lost)


def plan(queries: Sequence[Query], ask: Ask | None = None) -> list[Planned]:
    """The hashtags asked of every server, each once, as `#tag`; where `ask` holds tokens, the phrases as well."""
    servers = servers_of(ask) if ask else []
    tags = [one.planned(f"#{tag}", max(1, len(servers))) for tag, one in shared(queries, _tags).items()]
    searching = sum(server.token is not None for server in servers)
    return tags + [replace(one, cost=searching) for one in plan_search(queries) if searching]


def plan_search(queries: Sequence[Query]) -> list[Planned]:
    """The phrases asked of servers for which there is a token, in quotes: their search knows no OR."""
    return [one.planned(f'"{text}"') for text, one in widest(shared(queries, _phrases)).items()]


def again(post_ids: Iterable[str], ask: Ask) -> Iterator[Again]:
    """Each known post looked at once more where it was written, if that server is one of ours: its counts, or gone.

    With a token a post of any other server is looked up on ours, for its counts; one not found there, and all without a
    token, at its own address, which says whether it is gone. Posts that nobody tells of are left out and counted as
    `not_asked`, those of a server that is lost or closed as well. Raises the last server's error when none could be
    read.
    """
    servers, lost, left = servers_of(ask), list[PipelineError](), list[str]()
    homes, others = _at_homes(post_ids, servers)
    with Client(ask, NAME, *(server.base for server in servers), policy=_LOOKS) as client:
        walks = [(server, at_home(client, server, homes[server.host], ask)) for server in servers if homes[server.host]]
        if others and (resolver := next((server for server in servers if server.token), None)):
            walks.append((resolver, elsewhere(client, resolver, others, ask, left)))
            others = left
        for server, walk in walks:
            try:
                for one in walk:
                    ask.fetched += 1
                    yield one
            except PipelineError as error:
                lost.append(error)
                _report(error, server, ask)
        for one in at_address(client, others, ask):
            ask.fetched += 1
            yield one
    if lost and len(lost) == len(walks):
        raise _worth_telling(lost)


def check(ask: Ask) -> str:
    """One line: which servers answer and are open, and what to set. One request a server."""
    told, closed, lost = [], False, 0
    with Client(ask, NAME, *(server.base for server in servers_of(ask))) as client:
        for server in servers_of(ask):
            try:
                enter(client, server, ask)
                told.append(f"{server.host} is open")
            except CredentialError:
                closed = True
                told.append(f"{server.host} is closed to visitors: set RAYONNER_MASTODON_TOKENS={server.host}=TOKEN")
            except PipelineError as error:
                lost += 1
                told.append(f"{server.host} cannot be read ({type(error).__name__}): leave it out, or try later")
    line = "; ".join(told)
    if closed:
        return Mend(line)
    return Later(line) if lost == len(told) else line


def _tags(query: Query) -> Iterator[tuple[str, str]]:
    """Each word's tag as Mastodon keeps it, and as written where accents matter to compatible servers."""
    for word in words(query):
        if tag := hashtag(word):
            for form in dict.fromkeys((unaccented(tag), tag.lower())):
                yield form[:_MOST_TAG], word


def _phrases(query: Query) -> Iterator[tuple[str, str]]:
    for word in words(query):
        if asked := phrase(word):
            yield cut(asked, _MOST_PHRASE), word


def _told(client: Client, server: Server, window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """Every post of one server; a question it does not take is counted, and the next one asked."""
    enter(client, server, ask)
    walks = [tagged(client, server, asked.text[1:], window, ask) for asked in plan(queries)]
    if server.token:
        walks += [searched(client, server, asked.text, window, ask) for asked in plan_search(queries)]
    for walk in walks:
        try:
            yield from walk
        except SkippableError as error:
            ask.truncated = True
            ask.skip("question_refused" if isinstance(error, GoneError) else error.reason)


def _at_homes(post_ids: Iterable[str], servers: Sequence[Server]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The posts of each server, by its host, with their ids there; and the posts of all other servers."""
    homes: dict[str, dict[str, str]] = {server.host: {} for server in servers}
    others = list[str]()
    for post_id in dict.fromkeys(post_ids):
        where = home(post_id)
        if where and where[0] in homes:
            homes[where[0]][post_id] = where[1]
        else:
            others.append(post_id)
    return homes, others


def _worth_telling(lost: Sequence[PipelineError]) -> PipelineError:
    """A server that is down may be up tomorrow: a key is asked for only when every one wants it."""
    return next((error for error in lost if isinstance(error, RetriableError)), lost[-1])


def _report(error: PipelineError, server: Server, ask: Ask) -> None:
    closed = isinstance(error, CredentialError)
    ask.truncated = True
    ask.skip("server_closed" if closed else "server_lost")
    log.warning("mastodon: %s is %s: %s", server.host, "closed" if closed else "lost", type(error).__name__)


def _remember(server: Server, ask: Ask) -> None:
    """The highest id of each tag and server, for whoever asks how far a night saw."""
    told = _known(ask.cursor)
    told[server.host] = {**told.get(server.host, {}), **server.highest}
    ask.cursor = json.dumps(told, sort_keys=True)


def _known(cursor: str | None) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return {h: t for h, t in found.items() if isinstance(t, dict)} if isinstance(found, dict) else {}
