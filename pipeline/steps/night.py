"""One whole night by hand: every source, then score, build and publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.steps.collect import Collected, collect
from pipeline.steps.publish import build, publish
from pipeline.steps.score import score


@dataclass(slots=True)
class Night:
    """How a night went: each source's harvest or error, mentions scored, and the published file."""

    night: date
    collected: dict[str, Collected] = field(default_factory=dict)
    failed: dict[str, PipelineError] = field(default_factory=dict)
    scored: int = 0
    published: Path | None = None


def run(
    settings: Settings,
    night: date,
    *,
    now: datetime,
    first: date | None = None,
    catalogue: str = "brands",
    say: Callable[[str], None] = lambda _: None,
) -> Night:
    """Collect (from `first`, else one night), score, build and publish; a failed source does not stop the others.

    Raises the errors of scoring, building and publishing; those of sources are in `failed`.
    """
    done = Night(night)
    for source in settings.sources:
        say(f"collect {source}")
        try:
            done.collected[source] = collect(settings, source, first or night, night, now=now, catalogue=catalogue)
        except PipelineError as error:
            done.failed[source] = error
    say("score")
    done.scored = score(settings, now=now, catalogue=catalogue)
    say("build")
    build(settings, night, now=now, catalogue=catalogue)
    say("publish")
    done.published = publish(settings, night, now=now, catalogue=catalogue).path
    return done
