"""One request on the wire, and its answer read to a bounded size in a bounded time; no retry, no redirect here."""

from __future__ import annotations

import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import httpx

from pipeline.collect import _hosts
from pipeline.collect._answer import Answer
from pipeline.collect._deadline import Deadline
from pipeline.collect._pace import Pace, Policy
from pipeline.collect._refusal import refusal
from pipeline.errors import UnavailableError

# Encodings whose worst ratio is bounded (deflate: 1,032), so that a bite of the wire stays small unpacked.
_PACKINGS = ("", "identity", "gzip", "deflate")


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it will be sent, secrets included: its address, headers and body are never printed."""

    method: str
    url: str = field(repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)


class Wire:
    """Sends one call at a time. Who answers from this machine or its network is refused, but for the hosts `inside`."""

    def __init__(
        self, source: str, agent: str, timeout_s: float, inside: Collection[str], pace: Pace, policy: Policy
    ) -> None:
        self._source = source
        self._pace = pace
        self._policy = policy
        self._deadline = Deadline(policy.answer_s)
        # A public name may lead to a private address: what counts is who answers. Behind a proxy that cannot be known.
        self._proxied = not inside and bool(urllib.request.getproxies())
        self._inside = inside
        self._httpx = httpx.Client(
            timeout=timeout_s,
            headers={"user-agent": agent, "accept-encoding": "gzip, deflate"},
            follow_redirects=False,
            trust_env=not inside,  # a proxy is no way to this machine
        )

    def close(self) -> None:
        """Close what is open."""
        self._httpx.close()

    def send(self, call: Call) -> Answer:
        """The answer, whatever its status, in at most `answer_s` from the first byte sent to the last one read.

        Raises UnavailableError for whatever failed on the way, MalformedError `bad_address`, `near_address`,
        `odd_packing` or `too_large`.
        """
        try:
            with self._deadline.watching():
                return self._exchange(call)
        except httpx.InvalidURL:
            raise refusal("bad_address") from None
        except httpx.HTTPError as error:
            # Not chained: the cause holds the request, and the request its key.
            what = "a slow answer" if self._deadline.passed else type(error).__name__
            raise self._unavailable(what, call.url) from None

    def _exchange(self, call: Call) -> Answer:
        url = httpx.URL(call.url).copy_merge_params(call.params) if call.params else call.url
        form = dict(call.form) if call.form is not None else None
        seen = {"trace": self._deadline.seen}
        with self._httpx.stream(
            call.method, url, headers=call.headers, json=call.json, data=form, extensions=seen
        ) as response:
            self._check_peer(response)
            body = self._body(response, call.url)
        self._httpx.cookies.clear()  # nobody is to be followed by a cookie, us included
        told = {name.lower(): value for name, value in response.headers.items()}
        return Answer(str(response.url), response.status_code, told, body)

    def _check_peer(self, response: httpx.Response) -> None:
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream else None
        if peer and not self._proxied and self._is_outside(response) and _hosts.is_near(str(peer[0])):
            raise refusal("near_address")

    def _is_outside(self, response: httpx.Response) -> bool:
        return response.url.host not in self._inside

    def _body(self, response: httpx.Response, url: str) -> bytes:
        """The unpacked body, at most `most_bytes`, in at most `answer_s`."""
        if response.headers.get("content-encoding", "").strip().lower() not in _PACKINGS:
            raise refusal("odd_packing")
        began, chunks, held = self._pace.clock(), [], 0
        for chunk in response.iter_bytes():
            held += len(chunk)
            if held > self._policy.most_bytes:
                raise refusal("too_large")
            if self._pace.clock() - began > self._policy.answer_s:
                raise self._unavailable("a slow answer", url)
            chunks.append(chunk)
        return b"".join(chunks)

    def _unavailable(self, what: str, url: str) -> UnavailableError:
        where = _hosts.bare(url)
        return UnavailableError(f"{self._source}: {what} at {where}", source=self._source, url=where)
