"""What sources there are, whether each can be read, and what one would ask for a brand."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from pipeline import brands as brand_files
from pipeline import collect, store
from pipeline.collect import Ask, Later, Mend, Source, _discover, _wikimedia
from pipeline.collect._pace import Pace
from pipeline.collect._plan import Planned
from pipeline.errors import ConfigError, FatalError, MalformedError, PipelineError, RateLimitedError, RetriableError
from pipeline.model import Brand, Query
from pipeline.settings import Settings
from pipeline.steps._work import undeclared
from pipeline.steps.budget import cap_wanted, idle_caps, purse

# Attention is counted beside posts and is no source of them; it is tested as one.
WIKIMEDIA = _wikimedia.NAME

# Somebody waits at the terminal: less patience than at night, in seconds for an answer and for a wait asked for.
_TIMEOUT_S = 10.0
_LONGEST_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Listed:
    """One source: whether it is collected every night, the settings it needs and those it lacks, its terms.

    `cap_wanted` is the cap without which a source paid by the post is refused, `undeclared` what its terms ask somebody
    to declare; None where nothing is wanting.
    """

    source: str
    named: bool
    needs: tuple[str, ...]
    missing: tuple[str, ...]
    terms: str
    how: str | None = None
    cap_wanted: str | None = None
    undeclared: str | None = None

    @property
    def on(self) -> bool:
        """Whether nights collect it."""
        return self.named and not (self.missing or self.cap_wanted or self.undeclared)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source answered to one cheap call; `mend` when a human must act.

    `out_of_reach` when nothing of it can be read now and waiting helps: neither well nor to be mended.
    """

    source: str
    told: str
    mend: bool
    out_of_reach: bool = False


def list_sources(settings: Settings) -> list[Listed]:
    """Every source there is, in the order of names, attention last."""
    return [_listed(settings, collect.load(name)) for name in collect.names()] + [_attention(settings)]


def check_sources(settings: Settings, only: Sequence[str] = (), *, now: datetime) -> Iterator[Checked]:
    """Test the sources that nights collect, or those named, with one cheap call each, and say what to mend.

    Raises ConfigError for a source that does not exist; what a source raises is told, not raised.
    """
    listed = {one.source: one for one in list_sources(settings)}
    brands = brand_files.catalogue("brands", settings.brands)
    for name in only:
        if name not in listed:
            raise _unknown(name, list(listed))
    for one in listed.values():
        if one.source in only or (not only and one.named):
            yield _checked(settings, one, brands, now)


def discover_feeds(settings: Settings, url: str, *, now: datetime) -> list[str]:
    """The feeds that a site announces, or links to. Raises ConfigError for no page, and the errors of the client."""
    address = url if "://" in url else f"https://{url}"
    try:
        return _discover.discover(address, _ask(settings, "rss", now))
    except MalformedError as error:
        raise ConfigError(f"{url} is no page of a public site ({error.reason}): write www.example.fr") from None


def plan_source(settings: Settings, source: str, brands: Sequence[Brand], *, now: datetime) -> list[Planned]:
    """What a source would be asked for the brands. Raises ConfigError for one that does not exist or asks nothing."""
    if source not in collect.names():
        raise _unknown(source, collect.names())
    module: Any = collect.load(source)
    if not hasattr(module, "plan"):
        raise ConfigError(f"{source} asks nothing: it reads files")
    queries = brand_files.queries(brands)
    if "ask" in inspect.signature(module.plan).parameters:
        return list(module.plan(queries, _ask(settings, source, now)))
    return list(module.plan(queries))


def price_of_a_post(source: str) -> int:
    """The most that one post found costs, in millionths of the source's currency; 0 where posts are free."""
    return int(getattr(collect.load(source), "POST_MICROS", 0))


def _listed(settings: Settings, source: Source) -> Listed:
    missing = tuple(name for name in source.NEEDS if not settings.environ.get(name))
    named = source.NAME in settings.sources
    how, cap = getattr(source, "HOW", None), cap_wanted(settings, source)
    wanting = undeclared(settings, source)
    return Listed(source.NAME, named, source.NEEDS, missing, source.LEGAL.terms, how, cap, wanting)


def _attention(settings: Settings) -> Listed:
    missing = tuple(name for name in _wikimedia.NEEDS if not settings.environ.get(name))
    return Listed(WIKIMEDIA, not missing, _wikimedia.NEEDS, missing, _wikimedia.LEGAL.terms)


def _checked(settings: Settings, one: Listed, brands: Sequence[Brand], now: datetime) -> Checked:
    if one.missing:
        cure = f"off: set {' and '.join(one.missing)}"
        return Checked(one.source, f"{cure}; {one.how}" if one.how else cure, mend=True)
    if one.cap_wanted:
        return Checked(one.source, f"costs money by the post: not asked before you set {one.cap_wanted}", mend=True)
    if one.undeclared:
        return Checked(one.source, f"off: {one.undeclared}", mend=True)
    module: Any = _wikimedia if one.source == WIKIMEDIA else collect.load(one.source)
    if told := idle_caps(settings, module):
        return Checked(one.source, told, mend=True)
    if not hasattr(module, "check"):
        return Checked(one.source, "reads files: nothing to ask", mend=False)
    try:
        told = _told_by(settings, module, brands, now)
    except PipelineError as error:
        return Checked(one.source, str(error), isinstance(error, FatalError), isinstance(error, RetriableError))
    return Checked(one.source, str(told), isinstance(told, Mend), isinstance(told, Later))


def _told_by(settings: Settings, module: Any, brands: Sequence[Brand], now: datetime) -> str:  # noqa: ANN401  a module
    """The line of a check, with the brands' queries where it asks for them (feeds stand in brand files)."""
    ask, given = _ask(settings, module.NAME, now), list[list[Query]]()
    if module.NAME in collect.names():  # a check may cost half a cent, and that is counted
        engine = store.connect(settings.store_url)
        store.migrate(engine)
        ask.purse = purse(settings, engine, module, [brand.slug for brand in brands], now)
    if "queries" in inspect.signature(module.check).parameters:
        given.append(brand_files.queries(brands))
    told: str = module.check(ask, *given)
    return told


def _ask(settings: Settings, source: str, now: datetime) -> Ask:
    base_url = settings.environ.get(f"RAYONNER_{source.upper()}_URL")
    pace = Pace(sleep=_briefly)
    return Ask(now=now, settings=_told(settings), base_url=base_url, timeout_s=_TIMEOUT_S, pace=pace)


def _briefly(seconds: float) -> None:
    """Wait a moment. Raises RateLimitedError instead of a long wait."""
    if seconds > _LONGEST_WAIT_S:
        raise RateLimitedError(f"asks to wait {seconds:.0f} s: try later", retry_after=seconds)
    time.sleep(seconds)


def _told(settings: Settings) -> dict[str, str]:
    return {name: value for name, value in settings.environ.items() if name.startswith("RAYONNER_")}


def _unknown(name: str, names: Sequence[str]) -> ConfigError:
    near = get_close_matches(name.lower(), names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(names)}"
    return ConfigError(f"no source is called {name!r}{hint}")
