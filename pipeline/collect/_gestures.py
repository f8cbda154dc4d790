"""The gestures that the fictional posts of the sample gather: when they are read first, and as they come of age."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from pipeline.collect._cast import Author
from pipeline.model import Engagement, Post

# A post is looked at again shortly before these ages; one in ten is then not, as happens where money is short.
_LOOKS = (timedelta(days=1), timedelta(days=7), timedelta(days=28))
_BEFORE = timedelta(hours=2)
_MISSED = 10
# Half of what a post gathers in all comes in its first ten hours.
_HALF = timedelta(hours=10)


def first(who: Author, at: datetime, draw: Random) -> Engagement | None:
    """Heavy-tailed, as measured on real platforms: most posts get almost nothing, a few get thousands."""
    if draw.random() < 0.06:
        return None
    followers = who.followers if who.followers is not None else 200
    likes = int(0.25 * (followers + 20) ** 0.6 * draw.paretovariate(1.15) * draw.random())
    reposts = int(likes * draw.betavariate(1.2, 6))
    views = int(0.1 * followers * draw.lognormvariate(0, 0.7) + 12 * likes) if draw.random() < 0.6 else None
    return Engagement(
        at, likes, reposts, int(likes * draw.betavariate(1, 12)), int(reposts * draw.random() * 0.3), views
    )


def later(post: Post, now: datetime) -> tuple[Engagement, ...]:
    """What was counted as the post came of age, up to `now`: more of everything, less and less so."""
    seen, looks = post.engagement, list[Engagement]()
    for number, age in enumerate(_LOOKS if seen else ()):
        at = post.created_at + age - _BEFORE
        if seen and seen.observed_at < at <= now and (int(post.post_id[-3:]) + number) % _MISSED:
            grown = _gathered(at - post.created_at) / _gathered(seen.observed_at - post.created_at)
            looks.append(Engagement(at, *(None if n is None else int(n * grown) for n in _counts(seen))))
    return tuple(looks)


def _gathered(age: timedelta) -> float:
    """The share of all gestures that comes by an age."""
    return age / (age + _HALF)


def _counts(seen: Engagement) -> tuple[int | None, ...]:
    return seen.likes, seen.reposts, seen.replies, seen.quotes, seen.views
