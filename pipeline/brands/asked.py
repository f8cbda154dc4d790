"""What sources are asked for each brand: plain words, the rarest first, in no platform's query language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.gazetteer import fold
from pipeline.model import Brand, Query

# Meanings that are no place at all: a post that says "faire la manche" is not worth fetching. Phrases of other places
# stay: "la Vienne et la Haute-Vienne" speaks of both.
UNWANTED = ("word", "spam")


def queries(brands: Sequence[Brand]) -> list[Query]:
    """One query a brand. Terms run from the most telling (names) to the most common, so that a source that must cut
    its question short cuts the end. Exclusions are phrases that hold one of the terms and mean something else.
    """
    return [_query(brand) for brand in brands]


def _query(brand: Brand) -> Query:
    terms = _once((*brand.names, *brand.taglines, *brand.places, *brand.inhabitants))
    return Query(
        brand=brand.slug,
        terms=terms,
        hashtags=_once(brand.hashtags),
        handles=_once(brand.handles),
        languages=brand.languages,
        exclusions=_exclusions(brand, terms),
        feeds=tuple(dict.fromkeys(brand.feeds)),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts without those that a source cannot tell apart (case, accents, hyphens); the first spelling stays."""
    kept: dict[str, str] = {}
    for text in texts:
        kept.setdefault(fold(text) or text, text)
    return tuple(kept.values())


def _exclusions(brand: Brand, terms: Sequence[str]) -> tuple[str, ...]:
    """Phrases of the senses that contain a whole term ("faire la manche"): alone, they already mean something else."""
    folded = [f" {fold(term)} " for term in terms]
    phrases = _once(word for sense in brand.senses if sense.kind in UNWANTED for word in sense.words)
    return tuple(phrase for phrase in phrases if any(term in f" {fold(phrase)} " for term in folded))
