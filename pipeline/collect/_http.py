"""The one polite client: every request of every source goes through here, or its policy through `_retry`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType

from pipeline import __version__
from pipeline.collect import Ask, _hosts
from pipeline.collect._answer import Answer, Expect, Meaning, failure, said
from pipeline.collect._pace import POLITE, Policy
from pipeline.collect._refusal import refusal
from pipeline.collect._retry import Patience
from pipeline.collect._waits import asked_wait, is_spent
from pipeline.collect._wire import Call, Wire
from pipeline.errors import UnavailableError

# At INFO httpx writes every address with its query, and some platforms want the key there.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_MOST_HOPS = 5  # browsers allow 20; a feed that moved needs two


class Client:
    """A source's way to the network for one night. Use it in a `with`; one client serves many hosts.

    `bases` are addresses the operator chose: relative addresses are joined to the first, and those that lie on this
    machine or its network may be asked, as nothing else there. `headers` (a key) go to the bases' hosts only.
    `allowed` are hosts that redirects may lead to by https. Every request is counted in `ask.asked`, waits pass by
    `ask.pace`.
    """

    def __init__(
        self,
        ask: Ask,
        source: str,
        *bases: str,
        policy: Policy = POLITE,
        headers: Mapping[str, str] | None = None,
        allowed: Collection[str] = (),
    ) -> None:
        self.patience = Patience(source, ask.pace, policy)
        self._ask = ask
        self._source = source
        self._bases = bases
        hosts = [_hosts.parts(base).hostname or "" for base in bases]
        self._inside = frozenset(host for host in hosts if _hosts.is_near(host))
        self._headers = dict(headers or {})
        self._allowed = frozenset(allowed)
        self._began = ask.pace.clock()
        self.toll: Callable[[], None] = lambda: None  # paid before each request, every try and redirect
        self._wire = Wire(source, user_agent(ask), ask.timeout_s, self._inside, ask.pace, policy)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        expect: Expect = "json",
        also: Collection[int] = (),
        means: Meaning | None = None,
    ) -> Answer:
        """The answer to a GET, after as many tries as the policy allows.

        Statuses in `also` are returned as they are; `means` says what other statuses mean here; `expect` may be a
        function that reads the body into `Answer.said` and raises what is wrong with it. Raises the errors of
        `_answer.MEANS`; UnavailableError for 5xx, resets, timeouts and broken JSON; SchemaError for a refused question;
        MalformedError with a reason for an answer that is too large or a redirect that is not followed.
        """
        return self._persist(Call("GET", url, params or {}, headers or {}), expect, also, means or {})

    def post(
        self,
        url: str,
        json: object,
        *,
        headers: Mapping[str, str] | None = None,
        also: Collection[int] = (),
        means: Meaning | None = None,
    ) -> Answer:
        """As `get`, for a POST of JSON that may be sent twice without harm (a login, a search)."""
        return self._persist(Call("POST", url, {}, headers or {}, json), "json", also, means or {})

    def form(
        self,
        url: str,
        fields: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        means: Meaning | None = None,
    ) -> Answer:
        """As `post`, for the fields of a form: a question too long for an address, or a login."""
        return self._persist(Call("POST", url, params or {}, headers or {}, form=fields), "json", (), means or {})

    @property
    def now(self) -> datetime:
        """The moment: when the night started, plus what has passed since."""
        return self._ask.now + timedelta(seconds=self._ask.pace.clock() - self._began)

    def _persist(self, call: Call, expect: Expect, also: Collection[int], means: Meaning) -> Answer:
        url = _hosts.joined(self._bases[0].rstrip("/") + "/", call.url) if self._bases else call.url
        call = replace(call, url=_hosts.permit(url, self._inside))
        host = _hosts.parts(url).netloc.rpartition("@")[2]

        def once() -> Answer:
            answer = self._follow(call)
            if is_spent(answer.headers) and (wait := asked_wait(answer.headers, self.now)):
                self.patience.hold(host, wait)
            if answer.status in also:
                return answer
            if error := failure(answer, self._source, means, self.now):
                raise error
            return replace(answer, said=said(answer, self._source, expect))

        return self.patience.persist(host, once)

    def _follow(self, call: Call) -> Answer:
        """The answer behind at most _MOST_HOPS redirects, each of them checked."""
        for_good = True
        for hop in range(_MOST_HOPS + 1):
            answer = self._send(call)
            if answer.status not in _REDIRECTS:
                return replace(answer, moved=call.url) if hop and for_good else answer
            location = answer.headers.get("location", "")
            target = _hosts.redirected(call.url, location, self._inside, self._allowed)
            for_good = for_good and answer.status in _FOR_GOOD
            # The query is in the new address if it is wanted there; a key stays with the host it was meant for.
            kept = call.headers if _hosts.same_host(call.url, target) else {}
            call = Call("GET" if answer.status == 303 else call.method, target, {}, kept, call.json, call.form)
        raise refusal("redirect_refused")

    def _send(self, call: Call) -> Answer:
        if self._ask.asked >= self.patience.policy.most_requests:
            self._ask.truncated = True
            raise UnavailableError(f"{self._source}: the requests of this night are used up", source=self._source)
        self.toll()
        self._ask.asked += 1
        keys = self._headers if any(_hosts.same_host(base, call.url) for base in self._bases) else {}
        return self._wire.send(replace(call, headers={**keys, **call.headers}))


def user_agent(ask: Ask) -> str:
    """Who asks: our name, our version, and the operator's contact, which Wikimedia and Reddit make a duty."""
    contact = ask.settings.get("RAYONNER_CONTACT", "").strip()
    # A header holds visible ASCII only; a line break in a setting must not become a second header.
    contact = "".join(c for c in contact if c.isascii() and c.isprintable())[:200]
    return f"rayonner/{__version__} (+{contact})" if contact else f"rayonner/{__version__}"
