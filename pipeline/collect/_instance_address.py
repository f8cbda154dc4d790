"""Known posts looked at by their own address, where no server of ours can be asked for them: there still, or gone."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from pipeline.collect import Again, Ask
from pipeline.collect._answer import ByBody
from pipeline.collect._believed import believed
from pipeline.collect._http import Client
from pipeline.collect._instance_again import absent
from pipeline.collect._json import dig
from pipeline.errors import GoneError, PipelineError

log = logging.getLogger(__name__)

_ACCEPT = {"accept": "application/activity+json"}  # the post as other servers read it (ActivityPub, 3.2)


def at_address(client: Client, post_ids: Sequence[str], ask: Ask) -> Iterator[Again]:
    """Each post asked for where it was written, host by host: still there, without counts, or gone.

    Gone is a 410, or a 404 that the API explains in JSON; whatever else is answered, the post stays and is counted as
    `not_asked`. A host in trouble costs no other host its looks.
    """
    for host, own in groupby(sorted(post_ids, key=_host), key=_host):
        addresses = list(own)
        if not host:
            for _ in addresses:
                ask.skip("not_asked")
            continue
        try:
            yield from believed(([one] for post_id in addresses if (one := _look(client, post_id, ask))), "mastodon")
        except PipelineError as error:
            log.warning("mastodon: %s is left alone: %s", host, type(error).__name__)


def _look(client: Client, post_id: str, ask: Ask) -> Again | None:
    try:
        answer = client.get(post_id, headers=_ACCEPT, means={404: ByBody(absent)})
    except GoneError:
        return Again(post_id, gone=True)
    except PipelineError:  # closed to strangers, in trouble, moved: nothing is known
        ask.skip("not_asked")
        return None
    if dig(answer.said, "id") == post_id:
        return Again(post_id)
    ask.skip("not_asked")
    return None


def _host(post_id: str) -> str:
    """Where a post was written; nothing where its id is no address."""
    try:
        parts = urlsplit(post_id)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("https", "http") else ""
