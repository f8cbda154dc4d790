"""An alert: the one unusual night that is told the same morning, and nothing but what the published file says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipeline.errors import RetriableError
from pipeline.model import PARIS, Brand
from pipeline.report import anomalies, lines
from pipeline.report.anomalies import Anomaly
from pipeline.report.ask import rows
from pipeline.report.digest import SENT_AT
from pipeline.report.moved import cause
from pipeline.report.reading import is_fictional
from pipeline.report.render import UNSUBSCRIBE, Rendered, at_home, compose
from pipeline.report.rows import Said
from pipeline.report.text import capital, line, tied
from pipeline.report.words import Words, words

STATUS = """
    select max(night) from dim_date
    union all
    select max(night) from calendar where brand = ? and night = ? and is_complete
"""
# What is usual is learnt from the eight weeks before.
HABIT = timedelta(days=56)


@dataclass(frozen=True, slots=True)
class Alert:
    """What one short mail says: the brand, and the surest anomaly of the night."""

    brand: str
    name: str
    odd: Anomaly
    is_fictional: bool

    @property
    def morning(self) -> date:
        """The day after the night: when it is told."""
        return self.odd.night + timedelta(days=1)

    @property
    def id(self) -> str:
        """Its name in the ledger of deliveries, one a day and brand: `just-dijon/alert/2026-11-23`."""
        return f"{self.brand}/alert/{self.morning.isoformat()}"

    @property
    def sent_at(self) -> datetime:
        """07:30 in Paris on that morning: when it is due, and what its Date header says."""
        return datetime.combine(self.morning, SENT_AT, PARIS)


def read(published: Path, brand: Brand, night: date) -> Alert | None:
    """The alert of a brand's night; None when it was usual, or not collected in full, or measured differently.

    Raises RetriableError while the night is not published.
    """
    (last,), (complete,) = rows(published, STATUS, (brand.slug, night))
    if not isinstance(last, date) or last < night:
        raise RetriableError(f"the published file ends on {last}: publish the night of {night} first")
    if complete is None:
        return None
    found = anomalies.read(published, [brand.slug], night - timedelta(days=1), night)
    # Another source or other rules change the measure: its operator must know, its readers need not be woken.
    telling = [odd for odd in found if odd.cause != "definition" and (odd.source == "*" or odd.direction == "up")]
    if not telling:
        return None
    # The nights that the usual level comes from count too: an alert on a made-up habit is made up.
    fiction = is_fictional(published, brand.slug, night - HABIT, night)
    return Alert(brand.slug, brand.name, telling[0], fiction)


def render(alert: Alert, language: str, *, page: str | None = None) -> Rendered:
    """Write one alert; the same alert gives the same bytes. `page` is where the full page can be opened."""
    said, odd = words(language), alert.odd
    name, day = line(alert.name, 60), said.day(odd.night)
    home = at_home(page, alert.brand, said.language)
    posts = [lines.post(_said(odd, place), said) for place in range(len(odd.posts))]
    return compose(
        "alert",
        {
            "say": said.say,
            "language": said.language,
            "subject": said.say("alert_subject", brand=name, day=day, mentions=_seen(odd, said)),
            "preheader": _lead(odd, said),
            "name": tied(name),
            "kicker": said.say("alert_kicker", day=day),
            "fiction": said.say("fiction") if alert.is_fictional else None,
            "lead": _lead(odd, said),
            "cause": capital(cause(odd, said)),
            "posts": [post for post in posts if post],
            "page": f"{home}/t-anomalies" if home else None,
            "why_you": said.say("alert_why", brand=name),
            "unsubscribe": UNSUBSCRIBE,
        },
    )


def _seen(odd: Anomaly, said: Words) -> str:
    return said.mentions(round(odd.observed))


def _lead(odd: Anomaly, said: Words) -> str:
    """What was seen against what is usual, and by how many it was said, where it was said at all."""
    told = said.say(
        f"alert_{odd.direction}",
        mentions=capital(_seen(odd, said)),
        where="" if odd.source == "*" else f" ({said.source(odd.source)})",
        usual=said.number(odd.usual or 0),
        high=said.number(odd.high or 0),
    )
    return f"{told} {said.count('alert_authors', odd.authors)}" if odd.authors else told


def _said(odd: Anomaly, place: int) -> Said:
    """A post behind it, in the shape that the digest links."""
    post = odd.posts[place]
    return Said(post.source or "web", post.kind, post.toward, post.text, post.url, None, None, 1, odd.night)
