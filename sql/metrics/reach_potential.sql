-- One row per brand, dimension, part, grain and period.
-- title: Followers of all who spoke, added
-- unit: followers, one account counted once per mention
-- definition: Sum over mentions, reposts included, of the author's followers: what suites sell as potential reach. An
--   upper bound that nobody attains: followers of two authors are often the same, and most see nothing. n is how many
--   mentions have a known number; the others add nothing.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: as Talkwalker, Mention and Visibrain define it
select
    brand,
    dimension,
    part,
    grain,
    period,
    cast(case when followed_count > 0 or mention_count = 0 then reach_potential end as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    followed_count as n,
    coverage
from brand_period
