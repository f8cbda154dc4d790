-- One row per brand, published model of place image, dimension of it, grain (week or month) and period in which a theme
-- of the dimension was read: a mention with two themes of one dimension counts once in it. Squares and sums within
-- authors as in agg_author.
-- kind: incremental
-- twin: by month
-- key: grain, period
-- fan: 8
with

read_in as (
    select distinct
        b.post_number, b.author_number, b.brand, d.model, d.dimension_name, b.image_sign, p.grain, p.period
    from bridge_mention_tag as b
    inner join dim_theme as d on d.theme = b.tag
    inner join bridge_period as p on p.night = b.night
    inner join touched_period as t on t.grain = p.grain and t.period = p.period
    where b.is_counted and b.tag_kind = 'theme' and p.grain in ('week', 'month')
),

by_author as (
    select
        brand, model, dimension_name, grain, period,
        coalesce(author_number, post_number) as cluster_author,
        max(case when author_number is null then 0 else 1 end) as is_author,
        count(*) as mention_count,
        count(image_sign) as n,
        count(case when image_sign = 1 then 1 end) as positive,
        count(case when image_sign = -1 then 1 end) as negative
    from read_in
    group by brand, model, dimension_name, grain, period, coalesce(author_number, post_number)
)

select
    brand,
    model,
    dimension_name,
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
group by brand, model, dimension_name, grain, period
