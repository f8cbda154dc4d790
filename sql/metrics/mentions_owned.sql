-- One row per brand, dimension, part, grain and period.
-- title: Mentions by the brand's own accounts
-- unit: mentions
-- definition: Accepted mentions written by the accounts the brand file lists as owned. In no other metric.
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
    cast(owned_count as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    owned_count as n,
    coverage
from brand_period
