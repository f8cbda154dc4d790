"""Unusual nights as the published file tells them: what was seen, what is usual, why, and the posts behind it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.report.ask import rows
from pipeline.report.links import safe_url
from pipeline.report.text import line

# The posts of one anomaly that are worth opening, and the characters of each that tell what it is.
POSTS, SNIPPET = 3, 160

# X's terms let others carry a link and not the words; YouTube's are read the same way to be on the safe side.
LINK_ONLY = frozenset({"x", "youtube"})

ANOMALIES = """
    select brand, night, source, direction, observed, usual, high, q, authors, cause, detail
    from anomaly
    where list_contains(?, brand) and night > ? and night <= ?
    order by brand, night desc, source <> '*', q, source
"""
POSTS_OF = """
    select p.brand, p.night, p.source, p.url, p.kind, p.share, p.toward, r.source as platform, r.text
    from anomaly_post as p
    left join recent_post as r on r.post_number = p.post_key
    where list_contains(?, p.brand) and p.night > ? and p.night <= ? and p.rank <= ? and p.url is not null
    order by p.brand, p.night, p.source, p.rank
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """One post behind an anomaly: `text` is None where terms allow the link alone; `share` in [0, 1] of its night."""

    source: str | None
    url: str
    kind: str
    share: float | None
    toward: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One unusual night of a source (`*`: of all together): mentions seen, usual, and the most that chance explains.

    `direction` is up or down; `cause` is volume, source_mix, viral_post, sentiment or definition; `q` is the share of
    such calls expected to be false.
    """

    brand: str
    night: date
    source: str
    direction: str
    observed: float
    usual: float | None
    high: float | None
    q: float | None
    authors: int | None
    cause: str
    detail: Mapping[str, object]
    posts: tuple[Behind, ...]

    @property
    def viral_share(self) -> float | None:
        """The part of the night's mentions that one text makes, in [0, 1]."""
        return _share(self.detail.get("viral_percent"))

    @property
    def tone(self) -> float | None:
        """The night's net sentiment in [-1, 1]; None where too few were scored."""
        return _share(self.detail.get("net_sentiment_percent"))

    @property
    def usual_tone(self) -> float | None:
        """The net sentiment of the 56 nights before."""
        return _share(self.detail.get("usual_net_sentiment_percent"))

    @property
    def most_of(self) -> str | None:
        """The source that moved most, when several are told together."""
        excess = self.detail.get("excess_by_source")
        return max(excess, key=lambda name: (abs(excess[name]), name)) if isinstance(excess, dict) and excess else None


def read(published: Path, slugs: Sequence[object], after: date, until: date) -> list[Anomaly]:
    """The anomalies of the brands on the nights in (after, until], each brand's latest first, the surest first."""
    held: dict[tuple[object, ...], list[Behind]] = defaultdict(list)
    asked = (list(slugs), after, until)
    for *key, url, kind, share, toward, platform, text in rows(published, POSTS_OF, (*asked, POSTS)):
        if (link := safe_url(str(url))) is not None:
            shown = line(str(text), SNIPPET) if text and platform not in LINK_ONLY else None
            held[tuple(key)].append(Behind(platform, link, kind, share, toward, shown))
    return [Anomaly(*(*row[:-1], _detail(row[-1]), tuple(held[row[:3]]))) for row in rows(published, ANOMALIES, asked)]


def by_brand(published: Path, slugs: Sequence[object], after: date, until: date) -> dict[str, list[dict[str, object]]]:
    """The same by brand, as JSON-ready values, with short names: a page holds years of them."""
    held: dict[str, list[dict[str, object]]] = defaultdict(list)
    for found in read(published, slugs, after, until):
        held[found.brand].append(
            {
                "night": found.night.isoformat(),
                "source": found.source,
                "up": found.direction == "up",
                "seen": found.observed,
                "usual": found.usual,
                "high": found.high,
                "authors": found.authors,
                "cause": found.cause,
                "viral": found.viral_share,
                "most": found.most_of,
                "tone": found.tone,
                "usual_tone": found.usual_tone,
                "posts": [{"source": p.source, "url": p.url, "toward": p.toward, "text": p.text} for p in found.posts],
            }
        )
    return held


def _detail(text: object) -> Mapping[str, object]:
    read = json.loads(str(text)) if text else {}
    return read if isinstance(read, dict) else {}


def _share(percent: object) -> float | None:
    return percent / 100 if isinstance(percent, int) else None
