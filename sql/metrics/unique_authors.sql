-- One row per brand, dimension, part, grain and period.
-- title: Distinct authors
-- unit: authors
-- definition: Distinct authors of the period's mentions, the brand's own accounts apart. A post whose
--   author is unknown adds none. Authors of two periods or two sources cannot be added.
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
    cast(author_count as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    mention_count as n,
    coverage
from brand_period
