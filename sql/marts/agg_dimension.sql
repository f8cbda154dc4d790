-- One row per brand, published model of place image, dimension of it, grain (week or month) and period in which a theme
-- of the dimension was read: a mention with two themes of one dimension counts once in it.
-- kind: incremental
-- key: grain, period
with

read_in as (
    select distinct
        b.post_number, b.author_number, b.brand, d.model, d.dimension_name, b.image_sign, p.grain, p.period
    from bridge_mention_tag as b
    inner join dim_theme as d on d.theme = b.tag
    inner join bridge_period as p on p.night = b.night
    inner join touched_period as t on t.grain = p.grain and t.period = p.period
    where b.is_counted and b.tag_kind = 'theme' and p.grain in ('week', 'month')
)

select
    brand,
    model,
    dimension_name,
    grain,
    count(*) as mention_count,
    count(image_sign) as scored_count,
    cast(sum(case when image_sign = 1 then 1 else 0 end) as bigint) as positive_count,
    cast(sum(case when image_sign = -1 then 1 else 0 end) as bigint) as negative_count,
    count(distinct author_number) as author_count,
    period
from read_in
group by brand, model, dimension_name, grain, period
