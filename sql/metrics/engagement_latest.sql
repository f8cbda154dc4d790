-- One row per brand, dimension, part, grain and period.
-- title: Interactions seen so far
-- unit: interactions
-- definition: Likes, reposts, replies and quotes of the period's original mentions when they were last
--   seen. Older periods have had more time: do not compare periods with it.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: standard
select
    brand,
    dimension,
    part,
    grain,
    period,
    cast(case when engaged_latest_count > 0 or original_count = 0 then interactions_latest end as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    engaged_latest_count as n,
    coverage
from brand_period
