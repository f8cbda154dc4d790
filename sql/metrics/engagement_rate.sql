-- One row per brand, dimension, part, grain and period.
-- title: Engagement rate on views
-- unit: interactions per view
-- definition: Interactions after 7 days divided by views after 7 days, on the mentions that have both.
--   Never mixed with the rate on followers.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: views as the platform gave them
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a rate would describe persons.
    case when is_known_d7 and rated_view_count >= 10 and author_count >= 5
        then viewed_interactions_d7 / nullif(cast(rated_views_d7 as double), 0)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    rated_view_count as n,
    coverage
from brand_period
