"""Read history again with today's matching rules, while its text is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pipeline import brands as brand_files
from pipeline import match, store
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rematched:
    """How many texts were read again, and how many mentions are judged otherwise than before."""

    posts: int
    changed: int


def rematch(
    settings: Settings, *, catalogue: str = "brands", progress: Callable[[int], None] | None = None
) -> Rematched:
    """Look again for mentions in every kept text that rules or a brand file of another version read.

    Only posts with a candidate mention are kept, so a brand is found in them alone; the author's declared place is not
    kept, so it no longer speaks. Killed half-way, the next run goes on from what was committed; a second run is empty.
    """
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    listened = brand_files.catalogue(catalogue, settings.brands)
    brands = {brand.slug for brand in listened}
    matcher, files = match.compile_catalogue(listened), match.files(listened)
    posts = changed = 0
    for page in store.to_match(engine, matcher=match.VERSION, brands=brands, files=files):
        matched = [(asked, matcher.mentions(asked.text)) for asked in page]
        changed += store.save_matched(engine, matched, matcher=match.VERSION, brands=brands, files=files)
        # Posts kept before near copies were told apart have no key of them, others one of older rules.
        store.save_near_keys(engine, [(asked, match.near_key(asked.text)) for asked in page])
        posts += len(page)
        if progress:
            progress(len(page))
    log.info("%d texts matched again, %d mentions judged otherwise", posts, changed)
    return Rematched(posts, changed)
