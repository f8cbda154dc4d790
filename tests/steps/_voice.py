"""A source whose nights a test writes: posts about Dijon, and what happens between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline import brands, match
from pipeline.collect import Ask, sample
from pipeline.match import Matcher
from pipeline.model import Brand, Engagement, Post, Query, Window, night_of
from pipeline.settings import ROOT

_catalogue, _compile = brands.catalogue, match.compile_catalogue

TEXT = "Quelle belle journée à Dijon, merci à la ville"


def post(night: date, number: int, **given: Any) -> Post:
    """Post `number` of a night, written on its hour, about Dijon."""
    at = Window.night(night).start + timedelta(hours=number % 23, minutes=number // 23)
    values: dict[str, Any] = {
        "source": "sample",
        "post_id": f"{night:%d}-{number}",
        "created_at": at,
        "seen_at": at + timedelta(hours=1),
        "text": f"{TEXT}, {number} fois",
        "author_id": f"author-{number % 3}",
        "engagement": Engagement(at + timedelta(hours=1), likes=number),
    }
    return Post(**(values | given))


Happening = Post | Exception | Callable[[Ask], None]


@dataclass
class Voice:
    """What the nights hold, in order: posts are told, exceptions raised, functions called with the Ask."""

    nights: dict[date, list[Happening]] = field(default_factory=dict)
    asked: list[date] = field(default_factory=list)
    asked_for: list[set[str]] = field(default_factory=list)

    def posts(self, window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
        night = night_of(window.start)
        self.asked.append(night)
        self.asked_for.append({query.brand for query in queries})
        for happening in self.nights.get(night, []):
            if isinstance(happening, Exception):
                raise happening
            if isinstance(happening, Post):
                ask.fetched += 1
                yield happening
            else:
                happening(ask)
        ask.cursor = f"after {night}"


@cache
def listened(which: str, folder: Path) -> list[Brand]:
    return _catalogue(which, folder)


@cache
def compiled(slugs: tuple[str, ...]) -> Matcher:
    return _compile(listened("brands", ROOT / "brands"))


def speaking(patch: pytest.MonkeyPatch) -> Voice:
    """Put a voice in the place of the sample's; the shipped brands are read once for all tests, not at every night."""
    voice = Voice()
    patch.setattr(sample, "posts", voice.posts)
    patch.setattr(sample, "CAPS", ("money", "posts", "requests", "units"), raising=False)  # a test spends what it likes
    patch.setattr(brands, "catalogue", listened)
    patch.setattr(match, "compile_catalogue", lambda found: compiled(tuple(brand.slug for brand in found)))
    return voice
