-- One row per brand, dimension, part, grain and period.
-- title: Mentions
-- unit: mentions
-- definition: Posts of any kind, reposts included, accepted as being about the territory and written by
--   neither the brand nor its own accounts, on complete nights. A post that names two brands is a mention
--   of each. Spam is not counted; near-duplicates are, each time somebody posts them.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: proposal of this project; reposts count because someone chose to say it again
select
    brand,
    dimension,
    part,
    grain,
    period,
    cast(mention_count as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    mention_count as n,
    coverage
from brand_period
