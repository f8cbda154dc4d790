"""Reads one brand's month from the published file, for those who want a digest once a month."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pipeline.errors import RetriableError
from pipeline.model import Brand
from pipeline.report import anomalies
from pipeline.report.ask import rows
from pipeline.report.digest import Digest, next_month
from pipeline.report.reading import DAYS, GAPS, gaps_of, is_fictional, last_night, running, runs, said
from pipeline.report.rows import Day, Figure, Peer, Source, Tag, Volume

# Months differ in length and in nights missed: their change is that of the mentions a collected night. A month has no
# usual range: it takes years to know one.
VOLUME = """
    select
        m.mention_count, m.by_name_count, m.author_count, m.night_count, m.complete_count,
        m.mention_count, p.mention_count,
        case
            when p.complete_count = p.night_count then m.complete_count
            else least(m.complete_count, p.complete_count)
        end,
        (m.mention_count / m.complete_count) / nullif(p.mention_count / p.complete_count, 0) - 1,
        null, null, null, p.by_name_count
    from agg_brand_month as m
    left join agg_brand_month as p on p.brand = m.brand and p.period = ? and p.complete_count > 0
    where m.brand = ? and m.period = ?
"""
FIGURES = """
    select metric, cast(version as varchar), value, low, high, n, previous_value, change,
        -- A sum over 31 days and one over 28 are no pair.
        null,
        change_low, change_high, is_clear
    from digest_figure where grain = 'month' and brand = ? and period = ? order by metric
"""
# As digest_source does for a week: the change of tone is split into the weight of each source and its own tone.
SOURCES = """
    with summed as (
        select
            s.part as source,
            cast(sum(s.mention_count) filter (s.period >= $1) as bigint) as mention_count,
            cast(sum(s.mention_count) filter (s.period < $1) as bigint) as previous_count,
            cast(sum(s.scored_count) filter (s.period >= $1) as double) as n,
            cast(sum(s.scored_count) filter (s.period < $1) as double) as m,
            sum(s.positive_count - s.negative_count) filter (s.period >= $1) / nullif(n, 0) as tone,
            sum(s.positive_count - s.negative_count) filter (s.period < $1) / nullif(m, 0) as previous_tone
        from agg_brand_source as s
        inner join calendar as c on c.brand = s.brand and c.night = s.period and c.is_complete
        where s.grain = 'day' and s.brand = $2 and s.period between $3 and $4
        group by s.part having sum(s.mention_count) > 0
    ), weighed as (
        select
            *,
            coalesce(n, 0) / nullif(sum(n) over (), 0) as weight,
            coalesce(m, 0) / nullif(sum(m) over (), 0) as previous_weight,
            -- A source silent in one of the two months has no tone of its own to change.
            coalesce(tone, previous_tone, 0) as tone_now,
            coalesce(previous_tone, tone, 0) as tone_before
        from summed
    )
    select w.source, w.mention_count, w.previous_count, f.n, f.value, f.low, f.high,
        (w.weight - w.previous_weight) * (w.tone_now + w.tone_before) / 2 as mix_effect,
        (w.weight + w.previous_weight) / 2 * (w.tone_now - w.tone_before) as tone_effect
    from weighed as w
    left join metrics_by_source as f
        on f.brand = $2 and f.source = w.source and f.grain = 'month' and f.period = $1 and f.metric = 'net_sentiment'
    order by w.mention_count desc nulls last, w.source
"""
EFFECTS = f"select sum(mix_effect), sum(tone_effect) from ({SOURCES})"  # noqa: S608  our own text twice
PEERS = """
    select peer, name, mention_count, share, share_low, share_high, net_sentiment, is_tied
    from digest_peer where grain = 'month' and brand = ? and period = ? order by share desc, peer
"""
TAGS = """
    select t.tag_kind, t.tag, t.share, p.share, t.mention_count, t.net_sentiment
    from tag_month as t
    left join tag_month as p on p.brand = t.brand and p.tag_kind = t.tag_kind and p.tag = t.tag and p.month = ?
    where t.brand = ? and t.month = ? and t.tag_kind in ('theme', 'emotion')
    order by t.tag_kind desc, t.share desc, t.tag
"""
POSTS = """
    select source, kind, toward, text, url, interactions_latest, views_latest, echo_count, night from digest_post
    where brand = ? and night between ? and ? and kind <> 'article' and toward = ? and toward_rank is not null
    order by seen_count desc, created_at, post_number limit 4
"""
PEAK = """
    select p.source, p.kind, p.toward, p.text, p.url, p.interactions_latest, p.views_latest, p.echo_count, p.night
    from digest_post as p
    inner join digest_day as d on d.brand = p.brand and d.night = p.night
    where p.brand = ? and p.night between ? and ? and p.night_rank = 1 order by d.mention_count desc, p.night limit 1
"""
NOTHING = Volume(None, None, None, 0, 0, None, None, 0, None, None, None, None, None)


def read(published: Path, brand: Brand, first: date) -> Digest:
    """The digest of a brand's month (its first day) from the published file.

    Raises RetriableError while the month's last night is not published, SchemaError when the file knows no night.
    """
    night, last = last_night(published), next_month(first) - timedelta(days=1)
    if night < last:
        raise RetriableError(
            f"{first:%Y-%m} ends on {last} and the published file on {night}: publish that night first"
        )
    slug, before = brand.slug, (first - timedelta(days=1)).replace(day=1)
    span, key = (slug, first, last), (slug, first)
    volume = rows(published, VOLUME, (before, *key))
    two_months = (first, slug, before, last)
    sources = tuple(Source(*row) for row in rows(published, SOURCES, two_months))
    mix, tone = rows(published, EFFECTS, two_months)[0]
    days = tuple(Day(*row) for row in rows(published, DAYS, span))
    peak = said(published, PEAK, span)
    return Digest(
        brand=slug,
        name=brand.name,
        territory=brand.territory,
        first=first,
        volume=Volume(*volume[0]) if volume else NOTHING,
        figures={row[0]: Figure(*row) for row in rows(published, FIGURES, key)},
        days=days,
        sources=sources,
        peers=tuple(Peer(*row) for row in rows(published, PEERS, key)),
        gaps=gaps_of(rows(published, GAPS, span), tuple(day.night for day in days if day.status == "not_asked")),
        campaigns=tuple(running(published, slug, c, last) for c in brand.campaigns if runs(c, first, last)),
        tags=tuple(Tag(*row) for row in rows(published, TAGS, (before, *key))),
        unusual=tuple(anomalies.read(published, [slug], first - timedelta(days=1), last)),
        peak=peak[0] if peak else None,
        answer=said(published, POSTS, (*span, "negative")),
        thanks=said(published, POSTS, (*span, "positive")),
        mix_effect=mix,
        tone_effect=tone,
        is_fictional=is_fictional(published, slug, first, last),
        grain="month",
    )
