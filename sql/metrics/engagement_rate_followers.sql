-- One row per brand, dimension, part, grain and period.
-- title: Engagement rate on followers
-- unit: interactions per follower
-- definition: Interactions after 7 days divided by the authors' followers, on the mentions that have both,
--   which are n. A weaker figure than the rate on views, for platforms that give none.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: standard
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a rate would describe persons.
    case when is_known_d7 and rated_follower_count >= 10 and rated_follower_author_count >= 5
        then followed_interactions_d7 / nullif(cast(rated_followers as double), 0)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d7 then rated_follower_count end as n,
    coverage
from brand_period
