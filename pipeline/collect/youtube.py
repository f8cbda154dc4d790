"""YouTube's Data API: videos found by search, and what is said under those that may mention a brand.

A day has 100 searches, so questions are few and results bounded; what is left out is said.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.collect import Again, Ask, Later, Legal, Mend, _youtube_posts
from pipeline.collect._believed import believed
from pipeline.collect._moments import moment
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned
from pipeline.collect._unseen import concerning, unseen
from pipeline.collect._youtube_api import LIST, Api, entered
from pipeline.collect._youtube_plan import planned, searches, tonight
from pipeline.collect._youtube_walk import discussed, searched
from pipeline.errors import (
    BudgetError,
    ConfigError,
    CredentialError,
    GoneError,
    MalformedError,
    PipelineError,
    RateLimitedError,
    SchemaError,
    SkippableError,
)
from pipeline.model import Post, Query, Window

log = logging.getLogger(__name__)

NAME = "youtube"
NEEDS = ("RAYONNER_YOUTUBE_KEY",)
# Developer Policies (read 2026-11): what is stored, statistics too, is refreshed or deleted within 30 days, and nobody
# adds up figures across platforms.
LEGAL = Legal(
    terms="YouTube API Services Terms: refreshed or deleted within 30 days, figures never added to other platforms'",
    store_days=30,
    combine_engagement=False,
)

CAPS = ("requests", "units")
DAILY_QUOTA = True  # it begins anew at 09:00 in Paris: what is searched by day is missing at night
REMEMBERS = True  # the cursor holds videos: those of a night asked for again are followed too
HOW = "make an API key on console.cloud.google.com and allow it the YouTube Data API v3"

POLICY = POLITE

_FOLLOWED = timedelta(days=28)  # how long comments are read under a video; below the 30 days its terms allow
_REMEMBERED = 500  # videos
_COMMENT_CALLS = 1_000  # a night, of 10,000 units a day
_BATCH = 50  # ids of one look-up


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The videos of the window that searches find, and its comments under plausible ones of the last 28 days.

    Where the quota or the budget ends the searches, comments are still read; then its error is raised. Raises
    CredentialError for a refused key.
    """
    known, handles = _known(ask.cursor), dict[str, str]()
    seen, lost = set[str](), list[PipelineError]()
    asked, most = tonight(planned(queries), window, ask)
    with entered(ask, POLICY) as api:
        for question in asked:
            with concerning(ask, question.brands):
                try:
                    for post in unseen(searched(api, question, most, window, handles, ask), window, seen, ask):
                        if ask.plausible(post.text):
                            known[post.post_id] = post.created_at
                        yield post
                except (BudgetError, RateLimitedError, SchemaError, SkippableError) as error:
                    lost.append(error)
                    _report(error, question, ask)
            if lost and isinstance(lost[-1], RateLimitedError):
                break
        ask.cursor = _remembered(known, ask)
        # Whom the comments under a video would have spoken of is not known.
        with concerning(ask, (query.brand for query in queries)):
            yield from unseen(_comments(api, known, window, ask), window, seen, ask)
        ask.cursor = _remembered(known, ask)
    if spent := next((error for error in lost if isinstance(error, BudgetError | RateLimitedError)), None):
        raise spent
    if asked and len(lost) == len(asked):
        raise lost[-1]


def plan(queries: Sequence[Query]) -> list[Planned]:
    """A question a brand, its phrases joined by `|`, or more: no crowded brand hides a quiet one."""
    return planned(queries)


def again(post_ids: Sequence[str], ask: Ask) -> Iterator[Again]:
    """Counts of known videos and comments now, or that they are gone: deleted or made private. A unit for each 50."""
    asked = list(dict.fromkeys(one for one in post_ids if one.isascii() and one.isprintable() and "," not in one))
    videos = [one for one in asked if len(one) == 11]  # ids of comments are longer
    with entered(ask, POLICY) as api:
        yield from believed(_looked_up(api, "videos", "statistics", videos, ask), NAME)
        comments = [one for one in asked if len(one) != 11]
        yield from believed(_looked_up(api, "comments", "snippet", comments, ask), NAME)


def check(ask: Ask) -> str:
    """One line: whether the key is taken, or what to mend. One request, one unit."""
    try:
        most = searches(ask)
        with entered(ask, replace(POLICY, tries=1)) as api:
            api.page("videos", {"part": "id", "id": "rayonner___"}, LIST)
    except (CredentialError, ConfigError, SchemaError) as error:
        return Mend(str(error))
    except (BudgetError, RateLimitedError) as error:
        return Later(error)
    except PipelineError as error:
        return Later(f"out of reach ({type(error).__name__}): nothing to mend, the nights it misses are marked")
    return f"answers; {most} searches a night"


def _comments(api: Api, known: dict[str, datetime], window: Window, ask: Ask) -> Iterator[Post]:
    """The comments of the window, under the newest videos first."""
    before = ask.asked
    for video_id, created_at in sorted(known.items(), key=lambda one: (one[1], one[0]), reverse=True):
        if not window.start - _FOLLOWED <= created_at < window.end:
            continue
        if ask.asked - before >= _COMMENT_CALLS:
            ask.truncated = True
            ask.hint("more_comments")
            return
        try:
            yield from discussed(api, video_id, window, ask)
        except GoneError as error:
            ask.hint("comments_disabled" if error.reason == "comments_disabled" else "video_gone")
            if error.reason != "comments_disabled":
                del known[video_id]
        except (MalformedError, SchemaError) as error:
            ask.truncated = True
            ask.skip(error.reason if isinstance(error, MalformedError) else "question_refused")


def _looked_up(api: Api, kind: str, part: str, asked: list[str], ask: Ask) -> Iterator[list[Again]]:
    for at in range(0, len(asked), _BATCH):
        batch = asked[at : at + _BATCH]
        page = api.page(kind, {"part": part, "id": ",".join(batch)}, LIST)
        yield list(_youtube_posts.again(page, batch, ask))


def _known(cursor: str | None) -> dict[str, datetime]:
    """The videos under which comments are read, and when they were published."""
    try:
        found = json.loads(cursor or "{}")
        return {str(one): moment(at)[0] for one, at in found.items()}
    except (ValueError, AttributeError, MalformedError):
        return {}


def _remembered(known: dict[str, datetime], ask: Ask) -> str:
    recent = sorted((at, one) for one, at in known.items() if at > ask.now - _FOLLOWED)[-_REMEMBERED:]
    return json.dumps({one: at.isoformat() for at, one in recent})


def _report(error: PipelineError, question: Planned, ask: Ask) -> None:
    ask.truncated = True
    if isinstance(error, BudgetError):
        ask.skip("budget")
    elif isinstance(error, RateLimitedError):
        ask.skip("quota")
    elif isinstance(error, MalformedError):
        ask.skip(error.reason)
    else:
        ask.skip("question_refused")
    log.warning("youtube: a question for %s is lost: %s", ", ".join(question.brands), type(error).__name__)
