-- One row per brand, tag, grain (week or month) and period in which it was read: what tag_share and place_score divide.
-- Squares and sums within authors as in agg_author; tag_within is that of having the tag or not, over all mentions that
-- were looked at.
-- kind: incremental
-- twin: by month
-- key: grain, period
-- fan: 8
with

by_author as (
    select
        b.brand, b.tag_kind, b.tag, p.grain, p.period,
        coalesce(b.author_number, b.post_number) as cluster_author,
        max(case when b.author_number is null then 0 else 1 end) as is_author,
        count(*) as mention_count,
        count(b.image_sign) as n,
        count(case when b.image_sign = 1 then 1 end) as positive,
        count(case when b.image_sign = -1 then 1 end) as negative
    from bridge_mention_tag as b
    inner join bridge_period as p on p.night = b.night
    inner join touched_period as t on t.grain = p.grain and t.period = p.period
    where b.is_counted and p.grain in ('week', 'month')
    group by b.brand, b.tag_kind, b.tag, p.grain, p.period, coalesce(b.author_number, b.post_number)
)

select
    a.brand,
    a.tag_kind,
    a.tag,
    a.grain,
    cast(sum(a.mention_count) as bigint) as mention_count,
    cast(sum(a.mention_count * a.mention_count) as bigint) as mention_square,
    count(*) as voice_count,
    cast(coalesce(sum(round(1000000.0 * (a.mention_count
        - a.mention_count * a.mention_count / nullif(cast(r.mention_count as double), 0)))), 0) as bigint)
        as tag_within,
    cast(sum(a.n) as bigint) as scored_count,
    cast(sum(a.positive) as bigint) as positive_count,
    cast(sum(a.negative) as bigint) as negative_count,
    cast(sum(a.is_author) as bigint) as author_count,
    count(case when a.n > 0 then 1 end) as scored_author_count,
    cast(sum(a.n * a.n) as bigint) as count_square,
    cast(coalesce(sum(round(1000000.0 * (a.positive + a.negative
        - (a.positive - a.negative) * (a.positive - a.negative) / nullif(cast(a.n as double), 0)))), 0) as bigint)
        as sign_within,
    a.period
from by_author as a
left join by_author as r
    on r.tag_kind = 'read' and r.brand = a.brand and r.grain = a.grain and r.period = a.period
        and r.cluster_author = a.cluster_author
group by a.brand, a.tag_kind, a.tag, a.grain, a.period
