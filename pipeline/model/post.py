"""What is said, and what is read in it: posts, mentions, scores, reach, and the ledger of nights."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["post", "repost", "quote", "reply", "article"]
Label = Literal["negative", "neutral", "positive"]
Toward = Literal["negative", "neutral", "positive", "not_about"]
Ownership = Literal["owned", "partner", "earned"]
Status = Literal["complete", "partial", "failed", "off", "budget"]


@dataclass(frozen=True, slots=True)
class Query:
    """What a source is asked for one brand: plain words, no platform's query language; `feeds` are addresses."""

    brand: str
    terms: tuple[str, ...]
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr",)
    exclusions: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Engagement:
    """Counts seen on a post at one moment. None is unknown, never zero."""

    observed_at: datetime
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One public post as its platform gave it; `source` is the platform, ids are the platform's own.

    `author_id` and `author_handle` are in clear here and nowhere further: the store keeps a keyed hash.
    `created_at` and `seen_at` carry a zone; `lang_hint` is the platform's guess and is never believed.
    `engagement_later` are counts of later moments, where who tells of the past knows them already.
    """

    source: str
    post_id: str
    created_at: datetime
    seen_at: datetime
    text: str
    author_id: str | None = None
    author_handle: str | None = None
    author_followers: int | None = None
    author_place: str | None = None
    kind: Kind = "post"
    repost_of: str | None = None
    quote_of: str | None = None
    in_reply_to: str | None = None
    hashtags: tuple[str, ...] = ()
    url: str | None = None
    lang_hint: str | None = None
    engagement: Engagement | None = None
    engagement_later: tuple[Engagement, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A post x brand, with the evidence kept.

    `territory` is the INSEE code of the région, département or commune (a metropole's is its centre's).
    `sense` is `territory`, `other_place`, `club`, `person`, `word` or `spam`; `start` and `end` are character
    offsets into the post's text of the words that decided; `rule` names the rule that accepted or refused.
    """

    brand: str
    territory: str | None
    sense: str
    accepted: bool
    start: int
    end: int
    rule: str
    evidence: str
    by_brand_name: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """What was read in one mention. None is unknown or not scored, never zero.

    `label` and `score` in [-1, 1] are the tone of the post; `toward` and `toward_score` the tone toward the
    territory; `scorer` is `name/version` of what produced them. `themes`, `audiences`, `emotions` (experimental) and
    `senses` are tags, empty when they were looked for and not found; `image_version` is what looked.
    """

    lang: str | None
    label: Label | None
    score: float | None
    toward: Toward | None
    toward_score: float | None
    scorer: str
    themes: tuple[str, ...] | None = None
    audiences: tuple[str, ...] | None = None
    emotions: tuple[str, ...] | None = None
    senses: tuple[str, ...] | None = None
    image_version: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Screen appearances, not people: what was observed and the estimate's low, central and high."""

    observed: int | None
    low: float | None
    central: float | None
    high: float | None
    version: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One source x brand x night: what was asked and what came back. `brand` may be "*" (every brand listened to).

    `run` tells apart what filled the night ("night", or "file:<hash>" for an imported archive); `cost_micros` is
    in millionths of the source's currency; `reasons` counts skips by reason; `expected` is how many posts were
    foreseen, `late` how many a later run brought. None is unknown.
    """

    source: str
    brand: str
    night: date
    run: str
    status: Status
    asked: int = 0
    fetched: int = 0
    kept: int = 0
    duplicates: int = 0
    skipped: int = 0
    truncated: bool = False
    error: str | None = None
    cost_micros: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    expected: int | None = None
    late: int | None = None
