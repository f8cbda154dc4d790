"""The one policy on failure: retries with jitter, waits that are asked for, a breaker per host, a deadline a night."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from pipeline.collect._pace import POLITE, Pace, Policy
from pipeline.collect._waits import backoff
from pipeline.errors import BudgetError, RateLimitedError, RetriableError, UnavailableError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Patience:
    """What one source has tried and waited for in one night. `slept` is the total in seconds, for the tests and logs.

    Serves any client: `persist(host, call)` runs `call` until it gives something, raises an error that is not
    retriable, or there is no point in going on. `call` must raise the errors of pipeline.errors.
    """

    def __init__(self, source: str, pace: Pace, policy: Policy = POLITE) -> None:
        self.source = source
        self.pace = pace
        self.policy = policy
        self.slept = 0.0
        self._ends = pace.clock() + policy.deadline_s
        self._failures: Counter[str] = Counter()
        self._not_before: dict[str, float] = {}
        self._resting: dict[str, type[RetriableError]] = {}

    def persist(self, host: str, call: Callable[[], T]) -> T:
        """What `call` returns. Raises its last RetriableError once tries, patience or time are used up."""
        attempt = 0
        while True:
            attempt += 1
            self._take_turn(host)
            try:
                given = call()
            except BudgetError:
                raise  # no wait of tonight fills a purse
            except RetriableError as error:
                self._sleep(self._pause(host, attempt, error))
            else:
                del self._failures[host]
                return given

    def hold(self, host: str, seconds: float) -> None:
        """Let nothing reach this host for so long: its rate window is used up."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), self.pace.clock() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds left of the source's time this night; negative when it is over."""
        return self._ends - self.pace.clock()

    def _take_turn(self, host: str) -> None:
        """Wait until the host may be asked again; raise at once when that is too far away."""
        wait = self._not_before.get(host, 0.0) - self.pace.clock()
        if wait > 0:
            too_long = wait > min(self.policy.patience_s, self.left_s)
            if host in self._resting or too_long:
                kind: type[RetriableError] = self._resting.get(host, RateLimitedError)
                raise kind(f"{self.source}: {host} is left alone", source=self.source, retry_after=wait)
            self._sleep(wait)
        self._resting.pop(host, None)
        if self.left_s <= 0:
            raise UnavailableError(f"{self.source}: the time for this night is over", source=self.source)
        if self.policy.gap_s:
            self.hold(host, self.policy.gap_s)

    def _pause(self, host: str, attempt: int, error: RetriableError) -> float:
        """Seconds until the next try; raises the error when there shall be none."""
        asked, policy = error.retry_after, self.policy
        wait = backoff(attempt, policy.base_s, policy.cap_s, self.pace.chance())
        # A reset in the past asks for 0 s: the jitter stays, else two clocks that differ make a hot loop.
        wait = wait if asked is None else asked + wait
        if not isinstance(error, RateLimitedError):
            self._failures[host] += 1
        if self._failures[host] >= policy.broken_after:
            self._rest(host, max(policy.rest_s, asked or 0.0), error)
        elif wait > min(policy.patience_s, self.left_s):
            self._rest(host, wait, error)
        elif attempt < policy.tries:
            log.info("%s: %s, next try in %.0f s", self.source, type(error).__name__, wait)
            return wait
        raise error

    def _rest(self, host: str, seconds: float, error: RetriableError) -> None:
        log.warning("%s: %s is left alone for %.0f s after %s", self.source, host, seconds, type(error).__name__)
        self.hold(host, seconds)
        self._resting[host] = type(error)
        # One more failure after the rest is enough to rest again.
        self._failures[host] = min(self._failures[host], self.policy.broken_after - 1)

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.pace.sleep(seconds)
