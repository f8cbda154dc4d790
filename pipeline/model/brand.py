"""What is listened for: a brand, its words, its senses and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sense:
    """A meaning of a brand's words that is not the territory, with the words that give it away."""

    name: str
    kind: str
    words: tuple[str, ...]
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A dated communication campaign of the brand; `end` is included, None while it runs."""

    name: str
    start: date
    end: date | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who receives the digest: an address, a language and a rhythm."""

    email: str
    language: str = "fr"
    frequency: str = "weekly"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence the brand's owner wrote to say what must be accepted or refused."""

    text: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Brand:
    """What is listened for: one brand file, or one line of a generated catalogue. `slug` is the file's name.

    `hashtags` and `handles` stand without their # and @; `owned` and `partners` are `platform:account` in lower case
    ("x:dijon", "mastodon:ville@example.org", "rss:example.org"); `context` are words that speak for the territory;
    `articles` are `language:title` in Wikipedia.
    """

    slug: str
    name: str
    territory: str
    insee: str | None
    level: str
    since: date | None = None
    languages: tuple[str, ...] = ("fr",)
    names: tuple[str, ...] = ()
    taglines: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    inhabitants: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    senses: tuple[Sense, ...] = ()
    peers: tuple[str, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    owned: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    subscribers: tuple[Subscriber, ...] = ()
    examples: tuple[Example, ...] = ()
    feeds: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
