-- One row per brand, dimension, part, grain and period.
-- title: Articles of the territory's own press
-- unit: articles
-- definition: Mentions that are articles, on sites that its brand file lists under press feeds: one site is
--   known by its address, without www. Unknown where the brand file lists no feed, for then no site is known to be
--   the territory's own. Local headlines tell the news of a place rather than its image.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: proposal of this project
select
    b.brand,
    b.dimension,
    b.part,
    b.grain,
    b.period,
    case when p.brand is not null then cast(b.press_inside_count as double) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when p.brand is not null then b.press_inside_count end as n,
    b.coverage
from brand_period as b
left join (select distinct a.brand from dim_account as a where a.role = 'press') as p on p.brand = b.brand
