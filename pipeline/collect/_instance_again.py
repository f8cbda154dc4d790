"""Known posts looked at once more on servers that speak Mastodon's API: their counts, or that they are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode, urlsplit

from pipeline.collect import Again, Ask, _fediverse
from pipeline.collect._answer import Answer, ByBody, said
from pipeline.collect._believed import believed
from pipeline.collect._http import Client
from pipeline.collect._instance import Server
from pipeline.collect._json import dig, many
from pipeline.errors import CredentialError, GoneError, MalformedError, PipelineError, SkippableError, UnavailableError

_MOST = 20  # ids a call (DEFAULT_STATUSES_LIMIT of Mastodon's API)

# Where an address holds the server's own id: .../statuses/ID, a boost's .../statuses/ID/activity, and .../@name/ID.
_OWN = re.compile(r"(?:/[^?#]{1,300})?/statuses/([A-Za-z0-9]{1,40})(?:/activity)?|/@[^/?#]{1,100}/([A-Za-z0-9]{1,40})")
_BARE = re.compile(r"([^/\s]{1,255})/([A-Za-z0-9]{1,40})")  # what _fediverse makes where a status has no address


def home(post_id: str) -> tuple[str, str] | None:
    """The host and the id there of a post, as far as its address tells; None where it holds no id of the API."""
    if bare := _BARE.fullmatch(post_id):
        return bare[1].lower(), bare[2]
    try:
        found = urlsplit(post_id)
    except ValueError:
        return None
    own = _OWN.fullmatch(found.path)
    if not own or found.query or found.fragment or found.scheme not in ("https", "http"):
        return None
    return found.netloc.lower(), own[1] or own[2]


def at_home(client: Client, server: Server, own: dict[str, str], ask: Ask) -> Iterator[Again]:
    """The posts of a server's own people, `own` id there by post id: 20 a call, and apart those it does not show.

    Gone is what the server itself says is not there, or whose author no longer lets be taken. Raises UnavailableError
    when it shows none of many, and what the client raises: a server that is closed calls nothing gone.
    """
    met: set[str] = set()  # refused is not gone by silence: a server that shows such a post is well
    together = True

    def told(some: Sequence[str]) -> list[Again]:
        nonlocal together
        shown: dict[str, object] = {}
        if together:
            found = _several(client, server, [own[post_id] for post_id in some])
            together, shown = found is not None, found or {}
        answers = list[Again]()
        for post_id in some:
            status = shown.get(own[post_id]) or _one(client, server, own[post_id])
            if status is not None:
                met.add(post_id)
            if answer := Again(post_id, gone=True) if status is None else _read(status, post_id, server, ask):
                answers.append(answer)
        return answers

    asked = list(own)
    calls = (told(asked[at : at + _MOST]) for at in range(0, len(asked), _MOST))
    return believed(calls, "mastodon", lambda one: one.post_id in met)


def elsewhere(
    client: Client, server: Server, post_ids: Sequence[str], ask: Ask, unresolved: list[str]
) -> Iterator[Again]:
    """Posts of servers that are not asked, resolved by one where we have a token: one call each.

    What it does not find is `unresolved`: gone, or its own server is out of reach.
    """
    for post_id in post_ids:
        params = {"q": post_id, "type": "statuses", "resolve": "true", "limit": "1"}
        try:
            found = client.get(f"{server.base}/api/v2/search", params, headers=server.headers).said
        except SkippableError:
            ask.skip("question_refused")
            unresolved.append(post_id)
            continue
        status = next((one for one in many(found, "statuses") if dig(one, "uri") == post_id), None)
        if status is None:
            unresolved.append(post_id)
        elif answer := _read(status, post_id, server, ask):
            yield answer


def _several(client: Client, server: Server, ids: Sequence[str]) -> dict[str, object] | None:
    """What the server shows of several posts, by its own ids; None where it takes no such question."""
    url = f"{server.base}/api/v1/statuses?{urlencode([('id[]', one) for one in ids])}"
    try:
        found = client.get(url, headers=server.headers, means=dict.fromkeys((400, 405, 422), GoneError)).said
    except (GoneError, CredentialError):  # a server may want a login for this, and show each post to visitors
        return None
    if not isinstance(found, list):
        raise UnavailableError("mastodon: an answer is no list of posts", source="mastodon")
    return {key: one for one in found if isinstance(key := dig(one, "id"), str)}


def _one(client: Client, server: Server, own: str) -> object | None:
    """What the server shows of one post; None when it says that there is no such post (any more, for visitors)."""
    said_gone = ByBody(absent)
    try:
        found = client.get(
            f"{server.base}/api/v1/statuses/{own}", headers=server.headers, means={404: said_gone, 410: said_gone}
        )
    except GoneError:
        return None
    if not isinstance(found.said, dict) or "id" not in found.said:
        raise UnavailableError("mastodon: an answer is no post", source="mastodon")
    return found.said


def absent(answer: Answer) -> PipelineError:
    """The API says with JSON that a post is not there; any other page is a proxy's, or a server no longer that."""
    try:
        told = dig(said(answer, "mastodon", "json"), "error")
    except UnavailableError as error:
        return error
    kind = GoneError if told else UnavailableError
    return kind(f"mastodon: {answer.status} for a post", source="mastodon", status=answer.status)


def _read(status: object, post_id: str, server: Server, ask: Ask) -> Again | None:
    """The counts of a post, or that it may not be kept any more; None, counted, when it is not the post asked for."""
    try:
        same = _fediverse.address(status, server.host) == post_id
    except MalformedError:
        same = False
    if not same:
        ask.skip("not_resolved")
        return None
    try:
        _fediverse.permitted(status)
    except MalformedError as refused:
        ask.skip(refused.reason)
        return Again(post_id, gone=True)
    return Again(post_id, _fediverse.engagement(status, ask))
