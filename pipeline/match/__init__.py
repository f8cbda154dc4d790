"""Decides which posts mention which brand, in which sense, and keeps the evidence."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b

from pipeline.match.cluster import cluster_key, near_key
from pipeline.match.judge import Verdict
from pipeline.match.matcher import Matcher, compile_catalogue
from pipeline.match.owner import ownership
from pipeline.model import Brand

# Raised whenever a rule, a weight or a word changes what is accepted: mentions carry it.
VERSION = "match/4"

__all__ = ["VERSION", "Matcher", "Verdict", "cluster_key", "compile_catalogue", "files", "near_key", "ownership"]

# What of a brand file decides which posts are its mentions; the rest may change without changing what is counted.
_DECIDES = (
    *("slug", "name", "territory", "insee", "level", "names", "taglines", "hashtags", "handles"),
    *("places", "inhabitants", "context", "senses"),
)


def files(brands: Collection[Brand]) -> dict[str, str]:
    """Slug -> eight hexadecimal digits that change when the words do by which the brand's file finds mentions."""
    return {brand.slug: _digest(repr([getattr(brand, name) for name in _DECIDES])) for brand in brands}


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
