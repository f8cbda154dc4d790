"""Bluesky: the night's posts of the whole network, replayed by Jetstream without login and matched while they stream.

Counts and followers are read from the public AppView for matched posts only. What the stream no longer reaches is
searched for, with an account; the search is not complete, and the night says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.collect import Again, Ask, Later, Legal, Mend, _bluesky_counts
from pipeline.collect import _bluesky_places as places
from pipeline.collect._bluesky import post
from pipeline.collect._bluesky_fold import Fold, Heard
from pipeline.collect._bluesky_search import HANDLE, PASSWORD, Session, searched
from pipeline.collect._bluesky_times import LATE, first_seen, said_at
from pipeline.collect._http import Client
from pipeline.collect._jetstream import events
from pipeline.collect._jetstream_dial import RefusedError, Server, dial
from pipeline.collect._jetstream_frames import microseconds, moment_of
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned, cut, phrase, shared, widest, words
from pipeline.errors import FatalError, MalformedError, PipelineError, SkippableError
from pipeline.model import Post, Query, Window

NAME = "bluesky"
NEEDS: tuple[str, ...] = ()
# Nothing in Bluesky's terms lets a third party show posts on; deletions are to be honoured by whoever keeps a copy.
LEGAL = Legal(terms="public posts of an open network; authors keep their rights and may delete", delete_within_hours=24)

POLICY = POLITE

_STREAMS = "streams"  # what a check says of a server that is well
_MOST_PHRASE = 200  # characters; a longer tagline is found by its beginning


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The public posts of the window in which something is plausible, each once, as it stood when the window was over.

    Deletions that the stream tells, of any post, go to `ask.gone`. A part of the window that the stream no longer has
    makes `ask.truncated`; with an account it is searched for. Raises the stream's error when it cannot be read to the
    end: nothing was yielded then, and the next run reads all of it.
    """
    with places.client(ask, POLICY) as client:
        for found in _bluesky_counts.counted(client, places.appview(ask), _found(client, window, queries, ask), ask):
            ask.fetched += 1
            yield found


def plan(queries: Sequence[Query]) -> list[Planned]:
    """The phrases that the search is asked, where it is needed: a streamed night asks none of them."""
    return [one.planned(_quoted(text), cost=0) for text, one in widest(shared(queries, _phrases)).items()]


def again(post_ids: Iterable[str], ask: Ask) -> Iterator[Again]:
    """The counts of known posts now, 25 a request; a post that is not shown any more is gone.

    Raises what the client raises; the posts that were not reached are not yielded.
    """
    with places.client(ask, POLICY) as client:
        yield from _bluesky_counts.again(client, places.appview(ask), post_ids, ask)


def check(ask: Ask) -> str:
    """One line: whether the stream, the counts and the search can be read, and what to set. One request each."""
    refused = False
    with places.client(ask, POLICY) as client:
        told = [_stream_check(client, server, ask) for server in places.servers(ask)]
        try:
            client.get(f"{places.appview(ask)}/xrpc/_health")
            told.append("counts can be read")
        except PipelineError as error:
            told.append(f"counts cannot be read ({type(error).__name__})")
        session = places.session(client, ask)
        if session is None:
            told.append(f"no account: what is older than the stream is out of reach; set {HANDLE} and {PASSWORD}")
        else:
            try:
                session.log_in()
                told.append("the login works")
            except PipelineError as error:
                refused = isinstance(error, FatalError)
                told.append(str(error))
    line = "; ".join(told)
    if refused:
        return Mend(line)
    return line if any(one.endswith(_STREAMS) for one in told) else Later(line)


def _stream_check(client: Client, server: Server, ask: Ask) -> str:
    try:
        line = dial(client, server, microseconds(ask.now - timedelta(minutes=1)), ask)
        heard = line.take(1)
        line.close()
        return f"{server.host} {_STREAMS}" if heard else f"{server.host} is silent"
    except (PipelineError, RefusedError) as error:
        return f"{server.host} does not stream ({error if isinstance(error, RefusedError) else type(error).__name__})"


def _found(client: Client, window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The posts of the window, from the stream where it reaches, else or besides from the search."""
    session, seen = places.session(client, ask), set[str]()
    if session is None or window.start >= ask.now - places.look_back(ask):
        for found in _streamed(client, window, ask):
            seen.add(found.post_id)
            yield found
        if session is None or not ask.truncated or ask.now < window.end:
            return
    for found in _searched(session, window, queries, ask):
        if found.post_id not in seen:
            seen.add(found.post_id)
            yield found


def _streamed(client: Client, window: Window, ask: Ask) -> Iterator[Post]:
    """What stands at the end of the window's stream. Nothing is yielded before: a deletion may come last."""
    until = min(window.end + LATE, ask.now)
    if until < window.end + LATE:
        ask.truncated = True
        ask.hint("open_window")
    fold = Fold(ask)
    for event in events(client, places.servers(ask), window.start, until, ask):
        fold.hear(event)
    for heard in fold.standing():
        try:
            found = _post(heard, window, ask)
        except MalformedError as error:
            ask.skip(error.reason)
            continue
        if found is None:
            ask.skip("outside_window")
        else:
            yield found
    ask.cursor = str(microseconds(until))


def _post(heard: Heard, window: Window, ask: Ask) -> Post | None:
    seen = first_seen(said_at(heard.told.get("createdAt")), heard.rkey, moment_of(heard.at))
    found = post(heard.did, heard.rkey, heard.told, seen, window, ask)
    if found and heard.version_at > heard.at:
        found = replace(found, seen_at=moment_of(heard.version_at))  # the newest version is known by when it was seen
    return found


def _searched(session: Session, window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """What the search finds; never the whole, so the window is marked as partial. A refused question is counted."""
    ask.truncated = True
    ask.hint("searched")
    for asked in plan(queries):
        try:
            yield from searched(session, asked.text, window, ask)
        except SkippableError:
            ask.skip("question_refused")


def _phrases(query: Query) -> Iterator[tuple[str, str]]:
    for word in words(query):
        if asked := phrase(word):
            yield cut(asked, _MOST_PHRASE), word


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
