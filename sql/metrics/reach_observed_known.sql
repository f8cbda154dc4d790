-- One row per brand, dimension, part, grain and period.
-- title: Share of mentions in reach_observed
-- unit: share of mentions
-- definition: Mentions whose views after 7 days are known, divided by all mentions: 0 where no platform gave any or
--   nobody looked in time, unknown while the period is too young.
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
    case when is_known_d7 then observed_count / nullif(cast(mention_count as double), 0) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d7 then mention_count end as n,
    coverage
from brand_period
