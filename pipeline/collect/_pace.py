"""How a source waits: the sleep, the monotonic clock and the chance it is given, and the one policy on retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """What passes time: `sleep` takes seconds, `clock` is monotonic in seconds, `chance` draws from [0, 1)."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Policy:
    """How often, how long and how much; times in seconds, sizes in bytes. One for all sources, unless terms say less.

    `tries` includes the first; `base_s` doubles at each retry up to `cap_s` (full jitter); `patience_s` is the longest
    wait a platform may ask for; `deadline_s` bounds a source's whole night; `gap_s` keeps requests to one host apart.
    """

    tries: int = 4  # three retries bridge a blip; a real outage is left to the next run
    base_s: float = 1.0
    cap_s: float = 60.0
    patience_s: float = 930.0  # X's and Reddit's rate windows last 15 minutes; 30 s for clocks that differ
    deadline_s: float = 3600.0  # a source that needs more would still run when the digest is written
    gap_s: float = 0.0
    broken_after: int = 8  # failures in a row on one host: two calls given up
    rest_s: float = 300.0  # how long a broken host is left alone
    most_requests: int = 5_000  # Mastodon's 300 in 5 minutes allow 3,600 in the hour above; no plan needs more
    most_bytes: int = 20 << 20  # an X page of 500 posts with everything expanded is some 5 MB
    answer_s: float = 120.0  # one answer that drips slower than this is no answer


POLITE = Policy()
