-- One row per brand, dimension, part, grain and period.
-- title: Share of mentions in engagement_d1
-- unit: share of mentions
-- definition: Original mentions whose interactions 1 day after publication are known, divided by all original
--   mentions: 0 where nobody looked in time, unknown while the period is too young. What is missing was not looked
--   at near that age, has no counts on its platform, or may not be added to others by the source's terms.
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
    case when is_known_d1 then engaged_d1_count / nullif(cast(original_count as double), 0) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d1 then original_count end as n,
    coverage
from brand_period
