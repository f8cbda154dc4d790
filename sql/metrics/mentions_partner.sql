-- One row per brand, dimension, part, grain and period.
-- title: Mentions by partners
-- unit: mentions
-- definition: Accepted mentions written by the accounts the brand file lists as partners. Also part of
--   `mentions`.
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
    cast(partner_count as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    partner_count as n,
    coverage
from brand_period
