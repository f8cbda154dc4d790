"""What the page shows, read from the published file: one question a table for all brands, nothing computed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from pipeline.errors import SchemaError
from pipeline.model import Brand, Campaign
from pipeline.report import anomalies
from pipeline.report.ask import rows
from pipeline.report.text import line

# The metrics drawn, in the order they are read: how much, how well, how far, against whom.
METRICS = ("mentions", "net_sentiment", "reach", "share_of_voice")

# Five years of weeks and sixty brands: what a page shows at once in under a second; the file holds the rest.
WEEKS, MOST_BRANDS = 260, 60
# A year of tags and two of images: older ones are in the file, and would double the page.
TAG_WEEKS, IMAGE_MONTHS, NIGHTS = 52, 24, 28

HEARD = "select brand from fct_mention group by brand order by count(*) desc, brand limit ?"
SERIES = """
    select brand, metric, period, value, low, high, n, coverage
    from metrics
    where grain = 'week' and metric in ('mentions', 'net_sentiment', 'reach', 'share_of_voice')
        and list_contains(?, brand) and period > ?
    order by brand, metric, period
"""
STANDING = "select grain, period, list(brand order by brand) from brand_now group by grain, period order by grain"
NOW = """
    select brand, metric, value, low, high, n
    from metrics
    where metric in ('mentions', 'net_sentiment', 'reach', 'share_of_voice') and grain = ? and period = ?
        and list_contains(?, brand)
"""
SOURCES = """
    select
        brand,
        source,
        cast(sum(case when metric = 'mentions' then value end) as bigint) as mentions,
        max(case when metric = 'net_sentiment' then value end) as net_sentiment
    from metrics_by_source
    where grain = 'month' and period = (select max(month) from dim_date where night = (select max(night) from dim_date))
    group by brand, source
    order by brand, mentions desc nulls last, source
"""
ANSWERED = "select brand, source, night, status from coverage_night where night > ? order by brand, source, night"
IMAGE = """
    select
        brand, month, theme, place_score, place_low, place_high, 50 * (peer_net_sentiment + 1) as peer_score,
        scored_count, author_count
    from place_image
    where list_contains(?, brand) and month >= ?
    order by brand, month, theme
"""
TAGS = """
    select brand, tag_kind, tag, week, share, net_sentiment, mention_count
    from tag_week
    where list_contains(?, brand) and week > ? and tag_kind in ('theme', 'emotion', 'audience')
    order by brand, tag_kind, tag, week
"""
NIGHT = "select max(night) from dim_date"

Lists = dict[str, list[object]]
Figure = dict[str, float | int | str | None]


def figures(published: Path, brands: Sequence[Brand]) -> dict[str, object]:
    """What the page shows, as JSON-ready values: weeks, months, and for each brand all that is drawn of it.

    Raises SchemaError when the file is not one of ours.
    """
    night = rows(published, NIGHT)[0][0]
    if not isinstance(night, date):
        raise SchemaError(f"{published} holds no night; build and publish it again")
    slugs = [row[0] for row in rows(published, HEARD, (MOST_BRANDS,))]
    found = rows(published, SERIES, (slugs, night - timedelta(weeks=WEEKS)))
    weeks = sorted({row[2] for row in found if isinstance(row[2], date)})
    series, heard = _series(found, weeks), {str(row[0]) for row in found}
    parts: Mapping[str, Mapping[str, object]] = {
        "now": _now(published, slugs),
        "sources": _sources(published, night),
        "image": _image(published, slugs, night),
        "tags": _tags(published, slugs, weeks[-TAG_WEEKS:], night),
        "anomalies": anomalies.by_brand(published, slugs, night - timedelta(weeks=WEEKS), night),
    }
    sources = parts["sources"]
    return {
        "night": night.isoformat(),
        "weeks": [week.isoformat() for week in weeks],
        "fictional": any(name == "sample" for held in sources.values() if isinstance(held, dict) for name in held),
        "brands": {
            b.slug: _told(b) | {"series": series[b.slug]} | {name: held.get(b.slug) for name, held in parts.items()}
            for b in brands
            if b.slug in heard
        },
    }


def _told(brand: Brand) -> dict[str, object]:
    campaigns = sorted(brand.campaigns, key=lambda campaign: campaign.start)
    return {
        "name": line(brand.name, 80),
        "territory": line(brand.territory, 80),
        "peers": list(brand.peers),
        "campaigns": [_campaign(campaign) for campaign in campaigns],
    }


def _campaign(campaign: Campaign) -> dict[str, str | None]:
    end = campaign.end.isoformat() if campaign.end else None
    return {"name": line(campaign.name, 60), "start": campaign.start.isoformat(), "end": end}


def _series(found: Sequence[tuple[object, ...]], weeks: Sequence[object]) -> dict[str, dict[str, Lists]]:
    """By brand and metric, lists aligned on the weeks: value, low, high, n, coverage; None where unknown."""
    place: dict[object, int] = {week: index for index, week in enumerate(weeks)}
    held: dict[str, dict[str, Lists]] = defaultdict(dict)
    for brand, metric, week, *values in found:
        lists = held[str(brand)].setdefault(str(metric), {k: [None] * len(weeks) for k in ("v", "lo", "hi", "n", "c")})
        for name, value in zip(("v", "lo", "hi", "n", "c"), values, strict=True):
            lists[name][place[week]] = _short(value)
    for metrics in held.values():
        for lists in metrics.values():
            if not any(value is not None for value in lists["lo"]):
                del lists["lo"], lists["hi"]
    return held


def _now(published: Path, slugs: Sequence[object]) -> dict[str, dict[str, Figure]]:
    """The latest figures; asked by period, for a join on the metrics view would compute all of history."""
    held: dict[str, dict[str, Figure]] = defaultdict(dict)
    for grain, period, there in rows(published, STANDING):
        wanted = [brand for brand in there if brand in slugs] if isinstance(there, list) else []
        for brand, metric, value, low, high, n in rows(published, NOW, (grain, period, wanted)):
            figure: Figure = {"v": _short(value), "lo": _short(low), "hi": _short(high), "n": _short(n)}
            held[str(brand)][str(metric)] = figure | {"grain": str(grain)}
    return held


def _sources(published: Path, night: date) -> dict[str, dict[str, dict[str, object]]]:
    """By brand and source: the month's mentions and tone, and a letter a night of how it answered (`.`: not asked)."""
    held: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for brand, source, mentions, tone in rows(published, SOURCES):
        held[str(brand)][str(source)] = {"mentions": mentions, "tone": _short(tone), "nights": ["."] * NIGHTS}
    first = night - timedelta(days=NIGHTS)
    for brand, source, one, status in rows(published, ANSWERED, (first,)):
        row = held[str(brand)].get(str(source))
        if row is not None and isinstance(one, date) and isinstance(nights := row["nights"], list):
            nights[(one - first).days - 1] = str(status)[0]
    for heard in held.values():
        for row in heard.values():
            row["nights"] = "".join(row["nights"]) if isinstance(row["nights"], list) else ""
    return held


def _image(published: Path, slugs: Sequence[object], night: date) -> dict[str, dict[str, list[list[object]]]]:
    """By brand and month: theme, score in [0, 100], its interval, the peers' score, mentions scored, authors."""
    held: dict[str, dict[str, list[list[object]]]] = defaultdict(dict)
    first = night - timedelta(days=31 * IMAGE_MONTHS)
    for brand, month, theme, *values in rows(published, IMAGE, (slugs, first)):
        held[str(brand)].setdefault(str(month), []).append([str(theme), *map(_short, values)])
    return held


def _tags(
    published: Path, slugs: Sequence[object], weeks: Sequence[date], night: date
) -> dict[str, dict[str, dict[str, Lists]]]:
    """By brand, kind and tag, lists aligned on the last weeks: share of the mentions read, tone, mentions."""
    place: dict[object, int] = {week: index for index, week in enumerate(weeks)}
    held: dict[str, dict[str, dict[str, Lists]]] = defaultdict(lambda: defaultdict(dict))
    since = night - timedelta(weeks=TAG_WEEKS)
    for brand, kind, tag, week, *values in rows(published, TAGS, (slugs, since)):
        lists = held[str(brand)][str(kind)].setdefault(str(tag), {k: [None] * len(weeks) for k in ("s", "t", "n")})
        for name, value in zip(("s", "t", "n"), values, strict=True):
            if week in place:
                lists[name][place[week]] = _short(value)
    return held


def _short(value: object) -> float | int | None:
    """Four significant digits: more than a chart can show, and a page ten times lighter."""
    if value is None or isinstance(value, int):
        return value
    return float(f"{value:.4g}") if isinstance(value, float) else None
