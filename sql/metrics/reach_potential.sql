-- One row per brand, dimension, part, grain and period.
-- title: Followers of all who spoke, added
-- unit: followers, one account counted once per mention
-- definition: Sum over mentions, reposts included, of the author's followers, each to two digits: what suites sell as
--   potential reach. An upper bound that nobody attains: followers of two authors are often the same, and most see
--   nothing. n is how many mentions have a known number; the others add nothing.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: as Talkwalker, Mention and Visibrain define it
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a sum would describe persons.
    case
        when mention_count = 0 then 0
        when followed_count >= 10 and followed_author_count >= 5 then cast(reach_potential as double)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    followed_count as n,
    coverage
from brand_period
