"""Wikimedia pageviews: how often the articles on a territory are read, by language and day; attention, not posts.

No source of posts, so its name keeps it out of `collect.names()`; it has the rest of a source's shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from pipeline.collect import Ask, Later, Legal, Mend
from pipeline.collect._http import Client
from pipeline.collect._json import dig, many
from pipeline.errors import GoneError, PipelineError
from pipeline.model import Window

NAME = "wikimedia"
NEEDS: tuple[str, ...] = ("RAYONNER_CONTACT",)  # its policy: a User-Agent by which somebody can be reached
LEGAL = Legal(terms="Wikimedia Analytics API, CC0", store_days=365, show_text=True)

BASE = "https://wikimedia.org"
FIRST = date(2015, 7, 1)  # the API knows no earlier day


@dataclass(frozen=True, slots=True)
class Title:
    """An article: language of the Wikipedia ("fr"), title as its address has it, and titles it had before.

    Views of a redirect are counted apart by the API, so earlier titles are asked too and added up.
    """

    language: str
    title: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Views:
    """Views by people on one UTC day; None is unknown: the API said nothing of any of the article's titles."""

    language: str
    title: str
    day: date
    views: int | None


def attention(window: Window, titles: Sequence[Title], ask: Ask) -> Iterator[Views]:
    """Daily views of each article on every UTC day that ends inside the window, bots left out.

    The API leaves out days without views: between two days that it tells they are 0. Before, after, and where it knows
    nothing at all (404), nothing is known. Raises the errors of the client.
    """
    days = _days(window)
    with Client(ask, NAME, ask.base_url or BASE) as client:
        for title in titles if days else ():
            told = [_asked(client, title.language, name, days) for name in (title.title, *title.earlier)]
            known = [counts for counts in told if counts]
            if not known:
                ask.skip("unknown_title")
            for day in days:
                spans = [counts for counts in known if min(counts) <= day <= max(counts)]
                views = sum(counts.get(day, 0) for counts in spans) if spans else None
                ask.fetched += 1
                yield Views(title.language, title.title, day, views)


def check(ask: Ask) -> str:
    """One line: whether it answers. One request."""
    if not ask.settings.get("RAYONNER_CONTACT"):
        return Mend("set RAYONNER_CONTACT to an address: Wikimedia refuses whoever cannot be reached")
    with Client(ask, NAME, ask.base_url or BASE) as client:
        try:
            _asked(client, "fr", "Dijon", [ask.now.astimezone(UTC).date() - timedelta(days=3)])
        except PipelineError as error:
            return Later(f"cannot be read ({error.status or type(error).__name__}): try later")
    return "answers"


def _days(window: Window) -> list[date]:
    """The UTC days whose last moment lies in the window: a night of Paris ends one UTC day, the one before it."""
    last = (window.end.astimezone(UTC) - timedelta(days=1)).date()
    first = max(window.start.astimezone(UTC).date(), FIRST)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _asked(client: Client, language: str, name: str, days: list[date]) -> dict[date, int] | None:
    """Views by day of one title, days without views left out; None when the API knows nothing of it."""
    article = quote(name.replace(" ", "_"), safe="")
    path = f"/api/rest_v1/metrics/pageviews/per-article/{quote(language, safe='')}.wikipedia/all-access/user/{article}"
    try:
        answer = client.get(f"{path}/daily/{days[0]:%Y%m%d}00/{days[-1]:%Y%m%d}00")
    except GoneError:
        return None
    return dict(filter(None, map(_count, many(answer.said, "items"))))


def _count(told: object) -> tuple[date, int] | None:
    stamp, views = dig(told, "timestamp"), dig(told, "views")
    if not isinstance(views, int) or isinstance(views, bool) or views < 0:
        return None
    try:
        return datetime.strptime(str(stamp)[:8], "%Y%m%d").replace(tzinfo=UTC).date(), views
    except ValueError:
        return None
