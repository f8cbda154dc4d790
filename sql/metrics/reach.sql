-- One row per brand, dimension, part, grain and period.
-- title: Reach, estimated
-- unit: screen appearances
-- definition: Sum over mentions of the estimated screen appearances of each post: value is the central
--   estimate, low and high the range. These are appearances, not people. Mentions whose followers are unknown add
--   nothing: n is how many are known, reach_known their share. Each post's estimate is published to two digits.
--   The formula's version is in fct_mention.reach_version.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: Sprinklr's likely impressions for the central estimate; half and twice for the range, a proposal
--   of this project
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a sum would describe persons.
    case
        when mention_count = 0 then 0
        when reached_count >= 10 and reached_author_count >= 5 then cast(reach_central as double)
    end as value,
    case
        when mention_count = 0 then 0
        when reached_count >= 10 and reached_author_count >= 5 then cast(reach_low as double)
    end as low,
    case
        when mention_count = 0 then 0
        when reached_count >= 10 and reached_author_count >= 5 then cast(reach_high as double)
    end as high,
    reached_count as n,
    coverage
from brand_period
