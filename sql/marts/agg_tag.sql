-- One row per brand, tag, grain (week or month) and period in which it was read: what tag_week and place_image divide.
-- Squares and sums within authors as in agg_author.
-- kind: incremental
-- key: grain, period
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
    brand,
    tag_kind,
    tag,
    grain,
    cast(sum(mention_count) as bigint) as mention_count,
    cast(sum(n) as bigint) as scored_count,
    cast(sum(positive) as bigint) as positive_count,
    cast(sum(negative) as bigint) as negative_count,
    cast(sum(is_author) as bigint) as author_count,
    count(case when n > 0 then 1 end) as scored_author_count,
    cast(sum(n * n) as bigint) as count_square,
    cast(coalesce(sum(round(1000000.0 * (positive + negative
        - (positive - negative) * (positive - negative) / nullif(cast(n as double), 0)))), 0) as bigint) as sign_within,
    period
from by_author
group by brand, tag_kind, tag, grain, period
