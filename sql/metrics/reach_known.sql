-- One row per brand, dimension, part, grain and period.
-- title: Share of mentions in reach
-- unit: share of mentions
-- definition: Mentions with a reach estimate divided by all mentions. The others have no known number of followers, as
--   press articles, or may not be added to others by the source's terms.
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
    reached_count / nullif(cast(mention_count as double), 0) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    mention_count as n,
    coverage
from brand_period
