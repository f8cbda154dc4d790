"""A bundled story for a first look, without key or network: FICTION. No author, post, event or figure in it is real.

Nine real places, invented posts in French and English over the nights of 2026-01-05 to 2026-05-31, the same on every
machine: growth, a campaign at Dijon in April, a quarrel at La Manche in March, an outage on 17 and 18 March, and the
posts that are easy to read wrong. `truth` tells what a careful reader would say of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from pipeline.collect import Ask, Legal, _gestures, _story, _writing
from pipeline.collect._cast import VOICES, Author, author
from pipeline.collect._story import FIRST, LAST, Place
from pipeline.collect._writing import Meant, Written
from pipeline.errors import ConfigError, UnavailableError
from pipeline.model import Kind, Label, Post, Query, Window, night_of

NAME = "sample"
NEEDS: tuple[str, ...] = ()
LEGAL = Legal(terms="fiction made for this project, free to keep and show", show_text=True)

# The night is read at four in the morning, when the day's gestures are counted.
_READ_AFTER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one fictional post: language, tone of the text, what is meant, and the case it stands for."""

    lang: str
    tone: Label
    meant: tuple[Meant, ...]
    case: str


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The story's posts of the window, some of them twice as platforms do; the same at every call.

    Raises UnavailableError for the two nights of the outage, ConfigError when the story knows no night of the window.
    """
    nights = _nights(window)
    if not nights:
        raise ConfigError(f"the sample tells the nights {FIRST} to {LAST}: ask for one of them", source=NAME)
    for night in nights:
        if night in _story.OUTAGE:
            raise UnavailableError(f"the sample was out of order on {night}, as its story says", source=NAME)
        ask.asked += 1
        for post, _ in _told(night):
            if window.holds(post.created_at):
                ask.fetched += 1
                yield replace(post, engagement_later=_gestures.later(post, ask.now))
        ask.cursor = night.isoformat()


def truth(night: date) -> dict[str, Truth]:
    """What is true of each post of a night, by post id; nothing outside the story."""
    return {post.post_id: Truth(w.lang, w.tone, w.meant, w.case) for post, w in _told(night)}


def _nights(window: Window) -> list[date]:
    first, last = night_of(window.start), night_of(window.end - timedelta(microseconds=1))
    first, last = max(first, FIRST), min(last, LAST)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@lru_cache(maxsize=4)  # truth is asked right after posts
def _told(night: date) -> tuple[tuple[Post, Written], ...]:
    """The posts of one night in the order of their creation, each with its truth."""
    if not _story.told(night) or night in _story.OUTAGE:
        return ()
    draw = Random(f"rayonner sample {night.isoformat()}")
    window = Window.night(night)
    made: list[tuple[Post, Written]] = []
    for place, voice, written in _originals(night, draw):
        made.append((_post(night, len(made), window, author(place, voice, draw), written, draw), written))
        if echo := _echo(night, len(made), window, place, made[-1], draw):
            made.append(echo)
    # Platforms repeat a post across pages: the same id twice in a night.
    made += draw.sample(made, min(len(made), draw.choice((0, 0, 1, 1, 2))))
    return tuple(sorted(made, key=lambda pair: pair[0].created_at))


def _originals(night: date, draw: Random) -> Iterator[tuple[Place, str, Written]]:
    """Who says what on a night, echoes apart."""
    under_way = {episode.brand: episode for episode in _story.happening(night)}
    for place in _story.places():
        number, episode = _story.how_many(place, night, draw), under_way.get(place.brand)
        for _ in range(number):
            voice = draw.choices(list(VOICES), [v[0] for v in VOICES.values()])[0]
            if voice in {"owned", "partner"}:
                yield place, voice, _writing.owned(place, voice, draw)
            else:
                lift = 0.15 if episode and episode.tone == "positive" else 0.0
                yield place, voice, _writing.ordinary(place, voice, draw, lift)
        if episode:
            for _ in range(round(number * (episode.volume - 1))):
                yield place, draw.choice(("resident", "resident", "tourist")), _writing.of_episode(episode, place, draw)
    yield from _oddities(draw)


def _oddities(draw: Random) -> Iterator[tuple[Place, str, Written]]:
    places = {place.brand: place for place in _story.places()}
    for _ in range(draw.randrange(4, 9)):
        place = draw.choice(list(places.values()))
        yield place, "resident", _writing.hard(place, draw)
    if draw.random() < 0.14:
        headline = _writing.syndicated(places, draw)
        for _ in range(draw.randrange(3, 6)):
            yield places[headline.meant[0].brand], "journalist", headline


def _echo(
    night: date, number: int, window: Window, place: Place, about: tuple[Post, Written], draw: Random
) -> tuple[Post, Written] | None:
    """Sometimes a repost, a quote or a reply to the post just written."""
    original, written = about
    kind = draw.choices(("none", "repost", "quote", "reply"), (0.80, 0.11, 0.04, 0.05))[0]
    if kind == "none" or not written.meant:
        return None
    if kind == "repost":
        said = Written(
            f"RT @{original.author_handle}: {original.text}", written.lang, written.tone, written.meant, kind
        )
    elif kind == "quote":
        said = _writing.quote(place, written.tone, draw)
    else:
        said = _writing.ordinary(place, "resident", draw)
        said = Written(f"@{original.author_handle} {said.text}", said.lang, said.tone, said.meant, kind)
    who = author(place, "resident", draw)
    if who.author_id == original.author_id:
        return None
    return _post(night, number, window, who, said, draw, (kind, original)), said


def _post(
    night: date,
    number: int,
    window: Window,
    who: Author,
    written: Written,
    draw: Random,
    link: tuple[str, Post] | None = None,
) -> Post:
    post_id = f"fiction-{night:%Y%m%d}-{number:03d}"
    kind: Kind = link[0] if link else "post"  # type: ignore[assignment]
    to = link[1].post_id if link else None
    earliest = link[1].created_at if link else window.start
    return Post(
        source=NAME,
        post_id=post_id,
        created_at=_moment(earliest, window, draw),
        seen_at=window.end + _READ_AFTER,
        text=written.text,
        author_id=who.author_id,
        author_handle=who.handle,
        author_followers=who.followers,
        author_place=who.home,
        kind=kind,
        repost_of=to if kind == "repost" else None,
        quote_of=to if kind == "quote" else None,
        in_reply_to=to if kind == "reply" else None,
        hashtags=tuple(word.strip("#.,!") for word in written.text.split() if word.startswith("#")),
        url=f"https://example.invalid/sample/{post_id}",
        lang_hint=_hint(written.lang, draw),
        engagement=_gestures.first(who, window.end + _READ_AFTER, draw),
    )


def _moment(earliest: datetime, window: Window, draw: Random) -> datetime:
    """Around one in the afternoon for a post, later than what it answers for an echo; inside the window always."""
    left = (window.end - earliest).total_seconds() - 1
    share = draw.betavariate(2.6, 2.1) if earliest == window.start else draw.random() ** 2
    return earliest + timedelta(seconds=int(left * share))


def _hint(lang: str, draw: Random) -> str | None:
    """The platform's guess: right nine times in ten, absent or wrong otherwise."""
    return draw.choices((lang, None, "en" if lang == "fr" else "fr", "und"), (0.86, 0.05, 0.06, 0.03))[0]
