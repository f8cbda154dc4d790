-- One row per brand, dimension, part, grain and period.
-- title: Engagement rate on views
-- unit: interactions per view
-- definition: Interactions after 7 days divided by views after 7 days, on the mentions that have both,
--   which are n. Never mixed with the rate on followers.
-- version: 2
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
    case when is_known_d7 and rated_view_count >= 10 and rated_view_author_count >= 5
        then viewed_interactions_d7 / nullif(cast(rated_views_d7 as double), 0)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d7 then rated_view_count end as n,
    coverage
from brand_period
