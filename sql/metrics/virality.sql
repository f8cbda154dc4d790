-- One row per brand, dimension, part, grain and period.
-- title: Virality
-- unit: share of interactions
-- definition: Reposts and quotes divided by all interactions after 7 days, on the mentions whose platform
--   gives reposts or quotes, which are n.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: proposal of this project
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a rate would describe persons.
    case when is_known_d7 and shareable_count >= 10 and shareable_author_count >= 5
        then shares_d7 / nullif(cast(shareable_d7 as double), 0)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d7 then shareable_count end as n,
    coverage
from brand_period
