"""An Atom feed per brand beside the page: its weeks, each in the digest's own sentence, and its unusual nights.

RFC 4287. The same published file gives the same bytes; words of posts are in it only where the mail may hold them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.errors import SchemaError
from pipeline.model import PARIS, Brand
from pipeline.report import anomalies
from pipeline.report.anomalies import Anomaly
from pipeline.report.ask import rows
from pipeline.report.digest import SENT_AT, Digest
from pipeline.report.figures import HEARD, MOST_BRANDS
from pipeline.report.lead import lead, subject
from pipeline.report.moved import cause
from pipeline.report.page import replace
from pipeline.report.rows import Day, Figure, Volume
from pipeline.report.text import line
from pipeline.report.words import LOCALES, Words, words

# A quarter of digests and of unusual nights: what a reader that was away for a holiday still finds.
WEEKS = 13
ATOM = "http://www.w3.org/2005/Atom"
VOLUMES = """
    select
        brand, week, mention_count, by_name_count, author_count, night_count, complete_count,
        like_count, like_previous_count, like_night_count, change_share, usual_count, usual_low, usual_high,
        previous_by_name_count
    from digest_week where list_contains(?, brand) and week > ? and week + 6 <= ? order by brand, week desc
"""
TONES = """
    select brand, period, metric, cast(version as varchar), value, low, high, n, previous_value, change, change_share,
        change_low, change_high, is_clear
    from digest_figure
    where grain = 'week' and list_contains(?, brand) and period > ? and period + 6 <= ? and metric = 'net_sentiment'
"""
DAYS = """
    select brand, week, night, status, mention_count, usual_count
    from digest_day where list_contains(?, brand) and week > ? and week + 6 <= ? order by brand, night
"""
FICTIONAL = """
    select distinct brand from coverage_night
    where list_contains(?, brand) and source = 'sample' and night >= ? and night <= ? and status <> 'off'
"""
LAST = "select max(night) from dim_date"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `id` is the digest's or the alert's name, `at` when it was told, `links` (title, address) of posts."""

    id: str
    title: str
    text: str
    at: datetime
    part: str
    links: tuple[tuple[str, str], ...] = ()


def write(published: Path, brands: Sequence[Brand], folder: Path, *, page: str | None = None) -> list[Path]:
    """Write the feed of each brand that the page shows into `folder`, in each of its languages, in one stroke each.

    Raises SchemaError when the file is not one of ours.
    """
    night = rows(published, LAST)[0][0]
    if not isinstance(night, date):
        raise SchemaError(f"{published} holds no night; build and publish it again")
    heard = {row[0] for row in rows(published, HEARD, (MOST_BRANDS,))}
    shown = [brand for brand in brands if brand.slug in heard]
    # Asked once for all brands and languages: each question on the figures costs half a second of planning alone.
    asked = ([brand.slug for brand in shown], night - timedelta(weeks=WEEKS), night)
    odds = anomalies.read(published, *asked)
    weeks = list(_digests(published, {brand.slug: brand.name for brand in shown}, asked, odds))
    made_up = {row[0] for row in rows(published, FICTIONAL, asked)}
    written = []
    for said in map(words, LOCALES):
        told = entries(weeks, odds, said)
        for brand in shown:
            if said.language in languages(brand) and (found := told.get(brand.slug)):
                text = render(brand, found, said, page, made_up=brand.slug in made_up)
                written.append(replace(folder / name_of(brand.slug, said.language), text))
    return written


def languages(brand: Brand) -> set[str]:
    """Those a brand's feed is written in: French, and the others that its file listens in or its readers read."""
    return {"fr", *brand.languages, *(reader.language for reader in brand.subscribers)} & LOCALES.keys()


def name_of(slug: str, language: str) -> str:
    """The file's name: French first, and under the name it always had."""
    return f"{slug}.atom.xml" if language == "fr" else f"{slug}.{language}.atom.xml"


def entries(weeks: Sequence[Digest], odds: Sequence[Anomaly], said: Words) -> Mapping[str, list[Entry]]:
    """By slug, the weeks and the unusual nights given, in words, the latest first."""
    held = defaultdict[str, list[Entry]](list)
    for digest in weeks:
        held[digest.brand].append(
            Entry(digest.id, subject(digest, said), lead(digest, said), digest.sent_at, "t-history")
        )
    seen = set[tuple[str, date]]()
    for odd in odds:
        if (odd.brand, odd.night) not in seen:  # the surest of a night comes first, as in an alert
            seen.add((odd.brand, odd.night))
            held[odd.brand].append(_unusual(odd, said))
    for found in held.values():
        found.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    return held


def render(brand: Brand, found: Sequence[Entry], said: Words, page: str | None, *, made_up: bool = False) -> str:
    """The feed of one brand as XML; what XML cannot hold was taken out of the texts before."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": said.language})
    name, home = line(brand.name, 60), f"{page}#{brand.slug}/{said.language}" if page else None
    notice = f"{said.say('fiction_title')} " if made_up else ""
    SubElement(feed, "id").text = _urn(brand.slug if said.language == "fr" else f"{brand.slug}/{said.language}")
    SubElement(feed, "title").text = notice + said.say("feed_title", brand=name)
    if made_up:
        SubElement(feed, "subtitle").text = said.say("fiction")
    SubElement(feed, "updated").text = max(entry.at for entry in found).isoformat()
    SubElement(SubElement(feed, "author"), "name").text = "Rayonner"
    if page and home:
        own = urljoin(page, name_of(brand.slug, said.language))
        SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": own})
        SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": home})
    for entry in found:
        _entry(feed, entry, home, notice)
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, "unicode")}\n'


def _entry(feed: Element, entry: Entry, home: str | None, notice: str) -> None:
    node = SubElement(feed, "entry")
    SubElement(node, "id").text = _urn(entry.id)
    SubElement(node, "title").text = line(entry.title, 200)
    SubElement(node, "updated").text = entry.at.isoformat()
    if home:
        SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": f"{home}/{entry.part}"})
    for title, url in entry.links:
        SubElement(node, "link", {"rel": "related", "href": url, "title": line(title, 200)})
    # Plain text: whatever a reader makes of it, it is no markup.
    SubElement(node, "content", {"type": "text"}).text = notice + line(entry.text, 1000)


def _digests(
    published: Path, names: Mapping[str, str], asked: Sequence[object], odds: Sequence[Anomaly]
) -> Iterator[Digest]:
    """The weeks that are over, with what their first sentence is made of; `asked` is slugs, after, until."""
    tones = {(row[0], row[1]): Figure(*row[2:]) for row in rows(published, TONES, asked)}
    days = defaultdict[tuple[str, date], list[Day]](list)
    for brand, week, *day in rows(published, DAYS, asked):
        days[brand, week].append(Day(*day))
    for brand, week, *volume in rows(published, VOLUMES, asked):
        tone = tones.get((brand, week))
        yield Digest(
            brand=brand,
            name=names[brand],
            territory=names[brand],
            first=week,
            volume=Volume(*volume),
            figures={"net_sentiment": tone} if tone else {},
            days=tuple(days[brand, week]),
            unusual=tuple(o for o in odds if o.brand == brand and week <= o.night < week + timedelta(weeks=1)),
            sources=(), peers=(), gaps=(), campaigns=(), tags=(), peak=None, answer=(), thanks=(),
            mix_effect=None, tone_effect=None, is_fictional=False,
        )  # fmt: skip


def _unusual(odd: Anomaly, said: Words) -> Entry:
    mentions = said.count("mentions", round(odd.observed))
    where = said.say("feed_all") if odd.source == "*" else said.source(odd.source)
    text = said.say("feed_unusual", where=where, mentions=mentions, usual=said.number(odd.usual or 0))
    morning = odd.night + timedelta(days=1)
    links = tuple((post.text or said.source(post.source or "web"), post.url) for post in odd.posts)
    return Entry(
        f"{odd.brand}/alert/{morning.isoformat()}",
        said.say("feed_unusual_title", day=said.day(odd.night), mentions=mentions),
        f"{text} {cause(odd, said)}",
        datetime.combine(morning, SENT_AT, PARIS),
        "t-anomalies",
        links,
    )


def _urn(name: str) -> str:
    """A name for ever the same, whatever the address of the page becomes."""
    return uuid5(NAMESPACE_URL, f"https://rayonner.invalid/{name}").urn
