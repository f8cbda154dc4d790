-- One row per brand, dimension, part, grain and period.
-- title: Interactions 28 days after publication
-- unit: interactions
-- definition: Likes, reposts, replies and quotes gathered by the period's original mentions, each 28 days
--   after it was written: the last figure seen up to that age. Unknown until the whole period is that old.
--   Only sources whose terms allow their figures to be added.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: fixed ages, because late likes would bias this week against the last; proposal of this project
select
    brand,
    dimension,
    part,
    grain,
    period,
    case when is_known_d28 and (engaged_d28_count > 0 or original_count = 0)
        then cast(interactions_d28 as double)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    engaged_d28_count as n,
    coverage
from brand_period
