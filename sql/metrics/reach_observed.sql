-- One row per brand, dimension, part, grain and period.
-- title: Views after 7 days, observed
-- unit: screen appearances
-- definition: Sum of the view counts that platforms gave, each 7 days after the mention was written, as
--   engagement_d7: when last seen would make every older period look better. n is how many mentions have one, the
--   others add nothing; reach_observed_known is their share. Appearances, not people.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 posts and 5 authors
-- source: view counts of the platforms
select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Below 10 posts or 5 authors a sum would describe persons.
    case
        when is_known_d7 and mention_count = 0 then 0
        when is_known_d7 and observed_count >= 10 and observed_author_count >= 5 then cast(reach_observed as double)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    case when is_known_d7 then observed_count end as n,
    coverage
from brand_period
