"""What a source is: a module here with a name, its needs, a legal profile and one generator of posts.

    NAME = "sample"                      # the file's name
    NEEDS = ("RAYONNER_X_BEARER",)       # settings without which the source is off; () when it needs none
    LEGAL = Legal(...)                   # what its terms allow
    def posts(window, queries, ask): ... # yields Post inside the window, nothing else

A source knows words and the network; it knows no brand file, no SQL, no scheduler and no clock. What it cannot read
it counts with `ask.skip(reason)`; where it stopped it says with `ask.cursor`. Adding a source is adding a file.

A source of the network asks through `_http.Client` and may also have

    HOW                          # how to get what it needs, in one line
    POST_MICROS                  # the most that a post found costs, in millionths of the currency: no cap, no call
    CAPS                         # the kinds of RAYONNER_BUDGET its calls are taken from; a cap of another is refused
    plan(queries, ask=None)      # the questions it would ask, a list of `_plan.Planned`; with what `ask` sets, if given
    check(ask)                   # one cheap call and one line: Mend when a human must act, Later when out of reach
    again(post_ids, ask)         # yields an Again for each known post that was looked at once more
    expected(window, queries, ask)   # {brand: posts to come} by the platform's own counts
    undeclared(settings)         # what the tenant has not declared as the terms ask, and how; None when all is
    DAILY_QUOTA = True           # a day's quota is one night's: it is not asked again by day
    REMEMBERS = True             # its cursor is a memory that any night adds to, a night asked for again as well

What costs is taken from `ask.purse` before the call. A deletion the platform tells goes to `ask.gone`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from pipeline.collect._pace import Pace
from pipeline.collect._purse import Cost as Cost
from pipeline.collect._purse import OpenPurse, Purse
from pipeline.errors import ConfigError
from pipeline.model import Engagement, Post, Query, Window

# What is lost on the way and not by the platform's own rule, in the words of docs/sources.md: another try may bring it.
FAULTS = frozenset(
    {
        *("question_refused", "too_large", "odd_packing", "redirect_refused", "near_address"),
        *("repeated_cursor", "repeated_page", "endless_pages"),
        *("server_lost", "feed_lost", "feed_closed", "feed_missing", "no_feed", "html_page"),
    }
)


@dataclass(frozen=True, slots=True)
class Legal:
    """What a source's terms allow, as code. `store_days` bounds text, link and ids; `delete_within_hours` deletions.

    `show_text` is whether a post's text may leave the store (published file, digest); `combine_engagement` whether
    its figures may be summed with other platforms', and kept when `store_days` are over.
    """

    terms: str
    store_days: int = 90
    delete_within_hours: int = 48
    show_text: bool = False
    show_link: bool = True
    combine_engagement: bool = True


class Mend(str):
    """A line of `check` that says what a human must mend."""

    __slots__ = ()


class Later(str):
    """A line of `check` that says that nothing can be read now, nothing is to be mended, and waiting helps."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """Something a platform says is deleted: one post, or with `author_id` alone all posts of an author.

    `at` is when it was deleted, None when the platform does not tell.
    """

    post_id: str | None = None
    author_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """A known post looked at once more: its counts now (None: the platform gave none), or that it is gone."""

    post_id: str
    engagement: Engagement | None = None
    gone: bool = False


@dataclass(slots=True)
class Ask:
    """What a source is handed for one window, and where it reports what it met on the way.

    `now` is when the night started (posts are stamped with it as `seen_at`); `settings` holds the values of NEEDS
    and options; `cursor` is where the last night stopped and is moved by the source as it goes on; `pace` is how time
    passes while waiting. `purse` is asked before each call that costs. `plausible` is a cheap test of whether a text
    may mention a brand at all, for sources that hear a whole network. `gone` gathers deletions; who collects empties it
    each time posts are saved. `truncated` is whether something is known to be missing; `cut` names the brands it is
    missing for where the source asks for each apart, and is empty where it may be missing for all; `broken` are those
    of them that a fault cut, which may pass, and not the platform's own rule.
    """

    now: datetime
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)  # holds keys
    base_url: str | None = None
    timeout_s: float = 30.0
    cursor: str | None = None
    asked: int = 0
    fetched: int = 0
    truncated: bool = False
    cut: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    cost_micros: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    pace: Pace = field(default_factory=Pace)
    purse: Purse = field(default_factory=OpenPurse)
    plausible: Callable[[str], bool] = lambda text: True
    gone: list[Gone] = field(default_factory=list)

    def skip(self, reason: str) -> None:
        """Count one post, line or page that could not be used."""
        self.reasons[reason] += 1

    def hint(self, reason: str) -> None:
        """Count something mended in a post that was kept: in `reasons` under `hint:`, not among the skips."""
        self.reasons[f"hint:{reason}"] += 1

    @property
    def faults(self) -> int:
        """How many times something was lost to a fault that may pass."""
        return sum(n for reason, n in self.reasons.items() if reason in FAULTS)

    @property
    def skipped(self) -> int:
        """How many posts, lines or pages could not be used."""
        return sum(n for reason, n in self.reasons.items() if not reason.startswith("hint:"))


class Source(Protocol):
    """The shape of a source module."""

    NAME: str
    NEEDS: tuple[str, ...]
    LEGAL: Legal

    def posts(self, window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
        """Yield the posts of the window that may concern the queries."""
        ...


def names() -> list[str]:
    """The sources there are: every module of this folder whose name does not start with an underscore."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def load(name: str) -> Source:
    """The source module called `name`. Raises ConfigError naming those that exist."""
    if name not in names():
        raise ConfigError(f"no source is called {name!r}; there are: {', '.join(names())}")
    return cast(Source, importlib.import_module(f"{__name__}.{name}"))
