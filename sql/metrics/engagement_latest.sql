-- One row per brand, dimension, part, grain and period.
-- title: Interactions seen so far
-- unit: interactions
-- definition: Likes, reposts, replies and quotes of the period's original mentions when they were last
--   seen. Older periods have had more time: do not compare periods with it.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: standard
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a sum would describe persons.
    case
        when original_count = 0 then 0
        when engaged_latest_count >= 10 and engaged_latest_author_count >= 5 then cast(interactions_latest as double)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    engaged_latest_count as n,
    coverage
from brand_period
