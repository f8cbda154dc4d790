-- One row per brand, dimension, part, grain and period.
-- title: Mentions without reposts
-- unit: mentions
-- definition: Mentions that are not reposts: posts, quotes, replies and articles.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: proposal of this project
select
    brand,
    dimension,
    part,
    grain,
    period,
    cast(original_count as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    original_count as n,
    coverage
from brand_period
