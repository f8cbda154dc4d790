"""Articles of one night out of feeds: placed in the window, each once whatever sections of a paper repeat it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.collect import Ask
from pipeline.collect._draft import finish, loosely
from pipeline.collect._feed import Headline, when
from pipeline.collect._feeds_seen import Seen
from pipeline.collect._refusal import refusal
from pipeline.errors import MalformedError
from pipeline.gazetteer import fold
from pipeline.model import Post, Window


@dataclass(slots=True)
class Night:
    """One night's reading of all feeds: what is remembered of each, what was yielded, how many could not be read."""

    window: Window
    ask: Ask
    seen: dict[str, Seen]
    yielded: set[tuple[str, str]] = field(default_factory=set)
    lost: int = 0


@dataclass(slots=True)
class Span:
    """The oldest and the newest date met in a feed."""

    oldest: datetime | None = None
    newest: datetime | None = None

    def take(self, moment: datetime) -> None:
        """Learn one more date."""
        self.oldest = min(self.oldest or moment, moment)
        self.newest = max(self.newest or moment, moment)


def articles(found: list[Headline | MalformedError], night: Night, span: Span) -> Iterator[Post]:
    """The posts of the window among a feed's headlines; `span` learns the dates of all, what is unusable is counted."""
    for headline in found:
        try:
            if isinstance(headline, MalformedError):
                raise headline
            post = _post(headline, night.ask)
        except MalformedError as error:
            night.ask.skip(error.reason)
            continue
        span.take(post.created_at)
        if night.window.holds(post.created_at) and _is_new(post, night):
            night.ask.fetched += 1
            yield post


def _is_new(post: Post, night: Night) -> bool:
    """Whether neither its address nor its title on the same site came before: sections of a paper repeat each other."""
    marks = {("", post.post_id), (post.author_id or "", fold(post.text))}
    if marks & night.yielded:
        night.ask.skip("duplicate")
        return False
    night.yielded |= marks
    return True


def _post(headline: Headline, ask: Ask) -> Post:
    if headline.written is None:
        raise refusal("no_date")
    created_at, assumed = when(headline.written)
    if assumed:
        ask.hint("no_zone")
    site = (urlsplit(headline.link).hostname or "").removeprefix("www.")
    fields = {"post_id": headline.id, "created_at": created_at, "text": headline.title, "kind": "article"}
    fields |= {"author_id": site, "author_handle": site, "url": headline.link, "first_seen": ask.now.isoformat()}
    return finish(loosely(fields), ask, "rss")
