"""Reads one brand's week from the published file: one question a table, every figure as SQL has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pipeline.errors import RetriableError, SchemaError
from pipeline.model import Brand, Campaign
from pipeline.report import anomalies
from pipeline.report.anomalies import LINK_ONLY
from pipeline.report.ask import rows
from pipeline.report.digest import Digest, iso
from pipeline.report.rows import Day, Figure, Gap, Peer, Running, Said, Source, Tag, Volume

# Four weeks before this one: enough to see a habit, few enough for each day to be a bar on a telephone.
BEFORE = timedelta(days=28)

VOLUME = """
    select
        mention_count, by_name_count, author_count, night_count, complete_count,
        like_count, like_previous_count, like_night_count, change_share, usual_count, usual_low, usual_high,
        previous_by_name_count
    from digest_week where brand = ? and week = ?
"""
FIGURES = """
    select metric, cast(version as varchar), value, low, high, n, previous_value, change, change_share,
        change_low, change_high, is_clear
    from digest_figure where grain = 'week' and brand = ? and period = ? order by metric
"""
DAYS = """
    select night, status, mention_count, usual_count from digest_day
    where brand = ? and night between ? and ? order by night
"""
SOURCES = """
    select source, mention_count, previous_mention_count, scored_count, net_sentiment, net_sentiment_low,
        net_sentiment_high, mix_effect, tone_effect
    from digest_source where brand = ? and week = ? order by mention_count desc nulls last, source
"""
EFFECTS = "select sum(mix_effect), sum(tone_effect) from digest_source where brand = ? and week = ?"
PEERS = """
    select peer, name, mention_count, share, share_low, share_high, net_sentiment, is_tied
    from digest_peer where grain = 'week' and brand = ? and period = ? order by share desc, peer
"""
TAGS = """
    select t.tag_kind, t.tag, t.share, p.share, t.mention_count, t.net_sentiment
    from tag_week as t
    left join tag_week as p
        on p.brand = t.brand and p.tag_kind = t.tag_kind and p.tag = t.tag and p.week = t.week - 7
    where t.brand = ? and t.week = ? and t.tag_kind in ('theme', 'emotion')
    order by t.tag_kind desc, t.share desc, t.tag
"""
GAPS = """
    select source, status, night from coverage_night
    where brand = ? and night between ? and ? and status not in ('complete', 'off') order by source, night
"""
POSTS = """
    select source, kind, toward, text, url, interactions_latest, views_latest, echo_count, night from digest_post
    where brand = ? and week = ? and kind <> 'article' and toward = ? and toward_rank is not null
    order by toward_rank limit 4
"""
PEAK = """
    select p.source, p.kind, p.toward, p.text, p.url, p.interactions_latest, p.views_latest, p.echo_count, p.night
    from digest_post as p
    inner join digest_day as d on d.brand = p.brand and d.night = p.night
    where p.brand = ? and p.week = ? and p.night_rank = 1 order by d.mention_count desc, p.night limit 1
"""
CAMPAIGN = """
    select
        count(mention_count) filter (is_in),
        cast(sum(mention_count) filter (is_in) as bigint),
        cast(sum(by_name_count) filter (is_in) as bigint),
        avg(mention_count) filter (is_in),
        case when count(mention_count) filter (not is_in) >= 14 then avg(mention_count) filter (not is_in) end
    from (
        select mention_count, by_name_count, period >= ? as is_in from agg_brand_day
        where brand = ? and period between ? and ?
    )
"""
LAST = "select max(night) from dim_date"
# Asked of the ledger and not of the posts: a night on which the sample says nothing is fiction too.
FICTION = """
    select count(*) > 0 from coverage_night
    where brand = ? and source = 'sample' and night between ? and ? and status <> 'off'
"""


def read(published: Path, brand: Brand, week: date) -> Digest:
    """The digest of a brand's week (its Monday) from the published file.

    Raises RetriableError while the week's last night is not published, SchemaError when the file knows no night.
    """
    last, sunday, key = last_night(published), week + timedelta(days=6), (brand.slug, week)
    if last < sunday:
        raise RetriableError(f"{iso(week)} ends on {sunday} and the published file on {last}: publish that night first")
    sources = tuple(Source(*row) for row in rows(published, SOURCES, key))
    mix, tone = rows(published, EFFECTS, key)[0]
    peak = said(published, PEAK, key)
    days = tuple(Day(*row) for row in rows(published, DAYS, (brand.slug, week - BEFORE, sunday)))
    unasked = tuple(day.night for day in days if day.night >= week and day.status == "not_asked")
    return Digest(
        brand=brand.slug,
        name=brand.name,
        territory=brand.territory,
        first=week,
        volume=_volume(published, key),
        figures={row[0]: Figure(*row) for row in rows(published, FIGURES, key)},
        days=days,
        sources=sources,
        peers=tuple(Peer(*row) for row in rows(published, PEERS, key)),
        gaps=gaps_of(rows(published, GAPS, (brand.slug, week, sunday)), unasked),
        campaigns=tuple(running(published, brand.slug, c, sunday) for c in brand.campaigns if runs(c, week, sunday)),
        tags=tuple(Tag(*row) for row in rows(published, TAGS, key)),
        unusual=tuple(anomalies.read(published, [brand.slug], week - timedelta(days=1), sunday)),
        peak=peak[0] if peak else None,
        answer=said(published, POSTS, (*key, "negative")),
        thanks=said(published, POSTS, (*key, "positive")),
        mix_effect=mix,
        tone_effect=tone,
        is_fictional=is_fictional(published, brand.slug, week, sunday),
    )


def last_night(published: Path) -> date:
    """The last night of the published file. Raises SchemaError when it knows none."""
    night = rows(published, LAST, ())[0][0]
    if not isinstance(night, date):
        raise SchemaError(f"{published} holds no night; build and publish it again")
    return night


def is_fictional(published: Path, brand: str, first: date, last: date) -> bool:
    """Whether the bundled sample was listened to for a brand on any night from `first` to `last`."""
    return bool(rows(published, FICTION, (brand, first, last))[0][0])


def _volume(published: Path, key: tuple[str, date]) -> Volume:
    """The week's row; a brand that the file does not know yet was listened to on no night."""
    found = rows(published, VOLUME, key)
    return Volume(*found[0]) if found else Volume(None, None, None, 7, 0, None, None, 0, None, None, None, None, None)


def said(published: Path, sql: str, params: Sequence[object]) -> tuple[Said, ...]:
    """The posts that a question names, without the words of those that may only be linked to."""
    found = [Said(*row) for row in rows(published, sql, params)]
    return tuple(
        Said(s.source, s.kind, s.toward, None, s.url, s.interactions, s.views, s.echo, s.night)
        if s.source in LINK_ONLY
        else s
        for s in found
    )


def gaps_of(missed: Sequence[tuple[str, str, date]], unasked: tuple[date, ...]) -> tuple[Gap, ...]:
    """What was missed, by source in their order; nights on which nothing was asked of any source come first."""
    held: dict[str, list[tuple[str, date]]] = {}
    for source, status, night in missed:
        held.setdefault(source, []).append((status, night))
    worst = ("failed", "budget", "partial")
    found = [
        Gap(source, min((s for s, _ in lost), key=worst.index), tuple(night for _, night in lost))
        for source, lost in held.items()
    ]
    return tuple([Gap("*", "not_asked", unasked)] * bool(unasked) + found)


def runs(campaign: Campaign, week: date, sunday: date) -> bool:
    """Whether a campaign runs on any day from `week` to `sunday`."""
    return campaign.start <= sunday and (campaign.end is None or campaign.end >= week)


def running(published: Path, brand: str, campaign: Campaign, sunday: date) -> Running:
    """A campaign up to a day: its nights, and the four weeks before it."""
    until = min(sunday, campaign.end or sunday)
    row = rows(published, CAMPAIGN, (campaign.start, brand, campaign.start - BEFORE, until))[0]
    return Running(campaign.name, campaign.start, campaign.end, *row)
