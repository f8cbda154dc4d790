-- One row per brand, dimension, part, grain and period.
-- title: Reach, estimated
-- unit: screen appearances
-- definition: Sum over mentions of the estimated screen appearances of each post: value is the central
--   estimate, low and high the range. These are appearances, not people. Mentions whose followers are
--   unknown add nothing; n is how many are known. The formula's version is in fct_mention.reach_version.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: Sprinklr's likely impressions for the central estimate; half and twice for the range, a proposal
--   of this project
select
    brand,
    dimension,
    part,
    grain,
    period,
    cast(case when reached_count > 0 or mention_count = 0 then reach_central end as double) as value,
    case when reached_count > 0 or mention_count = 0 then cast(reach_low as double) end as low,
    case when reached_count > 0 or mention_count = 0 then cast(reach_high as double) end as high,
    reached_count as n,
    coverage
from brand_period
