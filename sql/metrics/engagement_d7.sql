-- One row per brand, dimension, part, grain and period.
-- title: Interactions 7 days after publication
-- unit: interactions
-- definition: Likes, reposts, replies and quotes gathered by the period's original mentions, each 7 days
--   after it was written: the last figure seen in the day before that age. Mentions that nobody looked at then
--   add nothing: n is how many are known, engagement_d7_known their share. Unknown, and n with it, until the
--   whole period is that old. Only sources whose terms allow their figures to be added.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: fixed ages, because late likes would bias this week against the last; proposal of this project
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a sum would describe persons.
    case
        when is_known_d7 and original_count = 0 then 0
        when is_known_d7 and engaged_d7_count >= 10 and engaged_d7_author_count >= 5
            then cast(interactions_d7 as double)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d7 then engaged_d7_count end as n,
    coverage
from brand_period
