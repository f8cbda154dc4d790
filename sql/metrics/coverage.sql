-- One row per brand, dimension, part, grain and period.
-- title: Coverage
-- unit: share of nights
-- definition: Nights complete for every source that was asked, divided by the nights of the period. The
--   figure beside every other figure.
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
    coverage as value,
    cast(null as double) as low,
    cast(null as double) as high,
    night_count as n,
    coverage
from brand_period
