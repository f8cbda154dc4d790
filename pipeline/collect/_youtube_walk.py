"""Walks on YouTube: the videos that a search finds, and the comments of a night under one video."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pipeline.collect import Ask, _youtube_posts
from pipeline.collect._json import Json, dig
from pipeline.collect._paging import Page, pages
from pipeline.collect._plan import Planned
from pipeline.collect._youtube_api import LIST, SEARCH, Api
from pipeline.model import Post, Window

_VIDEOS = "50"  # of a page, the most there may be
_THREADS = "100"
# Videos that may be watched in France; the newest first, so that a bound cuts the morning and not at random.
_SEARCH = {"part": "snippet", "type": "video", "order": "date", "maxResults": _VIDEOS, "regionCode": "FR"}
_COMMENTS = {"part": "snippet,replies", "order": "time", "maxResults": _THREADS, "textFormat": "plainText"}
_MOST_THREAD_PAGES = 3  # 300 threads a night under one video


def searched(
    api: Api, question: Planned, most: int, window: Window, handles: dict[str, str], ask: Ask
) -> Iterator[Post]:
    """The videos of the window that a question finds, with their figures, from at most `most` pages of 50.

    `handles` are those of channels met so far this night, which grow.
    """
    span = {"publishedAfter": _moment(window.start), "publishedBefore": _moment(window.end)}
    left = most

    def turn(token: str) -> Page[Json]:
        nonlocal left
        left -= 1
        more = {"pageToken": token} if token else {}
        page = api.page("search", {**_SEARCH, **span, **more, "q": question.text}, SEARCH, question.brands)
        found = _youtube_posts.ids(page)
        following = _following(page) if found else None
        if following and not left:
            ask.truncated, following = True, None
            ask.hint("more_videos")
        return Page(page, following, tuple(found) or None)

    for page in pages(ask, "", turn):
        if found := _youtube_posts.ids(page):
            asked = {"part": "snippet,statistics", "id": ",".join(found)}
            videos = api.page("videos", asked, LIST, question.brands)
            if new := sorted(_youtube_posts.channels(videos) - handles.keys()):
                named = {"part": "snippet", "id": ",".join(new), "maxResults": _VIDEOS}
                told = _youtube_posts.handles(api.page("channels", named, LIST, question.brands))
                handles |= {**dict.fromkeys(new, ""), **told}
            yield from _youtube_posts.videos(videos, handles, ask)


def discussed(api: Api, video_id: str, window: Window, ask: Ask) -> Iterator[Post]:
    """The comments of the window under a video. Replies come with their thread, a few of each; later ones do not.

    Raises GoneError, with the reason `comments_disabled` where comments are closed.
    """
    left = _MOST_THREAD_PAGES

    def turn(token: str) -> Page[list[Post]]:
        nonlocal left
        left -= 1
        more = {"pageToken": token} if token else {}
        page = api.page("commentThreads", {**_COMMENTS, **more, "videoId": video_id}, LIST)
        told = list(_youtube_posts.comments(page, ask))
        past = any(first and post.created_at < window.start for post, first in told)
        following = None if past or not told else _following(page)
        if following and not left:
            ask.truncated, following = True, None
            ask.hint("more_comments")
        return Page([post for post, _ in told], following, tuple(post.post_id for post, _ in told) or None)

    for found in pages(ask, "", turn):
        yield from (post for post in found if window.holds(post.created_at))


def _following(page: Json) -> str | None:
    token = dig(page, "nextPageToken")
    return token if isinstance(token, str) and token else None


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
