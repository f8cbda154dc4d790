"""Score the mentions that no scorer has read yet, one shard of posts at a time; a shard takes no lock."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline import brands as brand_files
from pipeline import score as scorers
from pipeline import store
from pipeline.model import Brand, Scores
from pipeline.score import image
from pipeline.settings import Settings

log = logging.getLogger(__name__)


def score(
    settings: Settings,
    *,
    now: datetime,
    shard: tuple[int, int] = (0, 1),
    catalogue: str = "brands",
    tier: str | None = None,
    again: bool = False,
    scorer: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Score accepted mentions without scores (with `again`, all whose text is still kept); the number written.

    With `scorer` (`name/version`) those too that another scorer read: a run that was killed goes on where it stopped.

    `shard` is (index, count): posts whose key modulo count is index. Killed half-way, the next run goes on from
    what was committed.
    """
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    words = own_words(brand_files.catalogue(catalogue, settings.brands))
    written = 0
    for batch in store.to_score(engine, scorer="*" if again else scorer, shard=shard):
        asked = _asked(batch, words)
        scored = _with_image(asked, scorers.read(asked, tier or settings.tier))
        written += store.save_scores(engine, list(zip(batch, scored, strict=True)))
        if progress:
            progress(len(batch))
    log.info("%d mentions scored", written)
    return written


def _with_image(asked: Sequence[scorers.Asked], scored: Sequence[Scores]) -> list[Scores]:
    """The scores with what each text makes one think of, its own words masked; as they were where nobody reads it."""
    seen = image.read([scorers.mask(one.text, one.own_words) for one in asked], [scores.lang for scores in scored])
    return [scores if tags is None else _tagged(scores, tags) for scores, tags in zip(scored, seen, strict=True)]


def _tagged(scores: Scores, seen: image.Image) -> Scores:
    return replace(
        scores,
        themes=seen.themes,
        audiences=seen.audiences,
        emotions=seen.emotions,
        senses=seen.senses,
        image_version=image.VERSION,
    )


def own_words(brands: Sequence[Brand]) -> dict[str, tuple[str, ...]]:
    """What each brand says of itself: masked before its tone is read."""
    return {b.slug: b.names + b.taglines + b.hashtags + b.handles for b in brands}


def _asked(batch: Sequence[store.ToScore], words: dict[str, tuple[str, ...]]) -> list[scorers.Asked]:
    """What the scorers read, with the spans of the other brands named in the same post."""
    spans: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for one in batch:
        spans[one.post_key].append((one.brand, one.start, one.end))
    return [
        scorers.Asked(
            text=one.text,
            start=one.start,
            end=one.end,
            own_words=words.get(one.brand, ()),
            lang=one.lang,
            others=tuple((start, end) for brand, start, end in spans[one.post_key] if brand != one.brand),
        )
        for one in batch
    ]
