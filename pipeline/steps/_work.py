"""What the nights of one source share, and what each of them held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import collect as sources
from pipeline import store
from pipeline.errors import PipelineError
from pipeline.match import Matcher
from pipeline.model import Brand, Query, Status
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """What all nights of a source share: `now` is when the run started, `asked_with` the settings sources may read.

    `files` are the versions of the brands' files.
    """

    settings: Settings
    engine: store.Engine
    source: sources.Source
    brands: list[Brand]
    matcher: Matcher
    files: Mapping[str, str]
    now: datetime
    queries: list[Query]
    asked_with: dict[str, str] = field(repr=False)  # holds keys

    @property
    def slugs(self) -> list[str]:
        """The brands listened to."""
        return [brand.slug for brand in self.brands]


@dataclass(slots=True)
class Tally:
    """What one night held, for the whole source and by brand; `seen` and `authors` are ids, kept while it lasts."""

    status: Status = "complete"
    error: PipelineError | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    expected: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)


def is_off(settings: Settings, source: sources.Source) -> bool:
    """Whether a source is off, which is not a failure: it lacks a setting, or nobody has declared its terms as met."""
    return bool(missing(settings, source)) or undeclared(settings, source) is not None


def undeclared(settings: Settings, source: sources.Source) -> str | None:
    """What is to be declared, and how, of a source that lacks nothing else."""
    told: Callable[[Mapping[str, str]], str | None] | None = getattr(source, "undeclared", None)
    return told(settings.environ) if told and not missing(settings, source) else None


def missing(settings: Settings, source: sources.Source) -> list[str]:
    """The settings a source needs and does not have."""
    return [name for name in source.NEEDS if not settings.environ.get(name)]
