-- One row per brand, dimension, part, grain and period.
-- title: Views, observed
-- unit: screen appearances
-- definition: Sum of the view counts that platforms gave, when last seen. n is how many mentions have one;
--   the others add nothing. Appearances, not people.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: view counts of the platforms
select
    brand,
    dimension,
    part,
    grain,
    period,
    cast(case when observed_count > 0 or mention_count = 0 then reach_observed end as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    observed_count as n,
    coverage
from brand_period
