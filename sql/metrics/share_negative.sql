-- One row per brand, dimension, part, grain and period.
-- title: Share of negative mentions
-- unit: share of scored mentions
-- definition: Mentions negative toward the territory divided by scored mentions. 95 % Wilson interval on the
--   effective number of mentions: as many as would tell as much if each came from another author, by how
--   alike one author's mentions are here.
-- version: 3
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 30 authors and 30 scored mentions
-- source: Wilson 1927; Kish 1965 for the effective number, Fleiss and Cuzick 1979 for how alike an author's
--   mentions are
with

tallied as (
    select
        brand, dimension, part, grain, period, coverage,
        scored_count as n,
        scored_author_count as authors,
        nullif(cast(scored_count as double), 0) as m,
        negative_count / nullif(cast(scored_count as double), 0) as p,
        cast(count_square as double) / nullif(scored_count, 0) as weight,
        -- 1 over the effective number of authors who wrote more than once.
        (count_square - 2 * scored_count + scored_author_count)
            / nullif(power(scored_count - scored_author_count, 2), 0) as alone,
        negative_within / 1000000.0 / nullif(scored_count - scored_author_count, 0) as within
    from brand_period
),

guessed as (
    select
        t.*,
        within / nullif(p * (1 - p), 0) as apart,
        1 - within / nullif(p * (1 - p), 0) * (1 - weight / m) as guess
    from tallied as t
),

alike as (
    select
        g.*,
        -- How alike one author's mentions are: 0 as any two, 1 the same; 1, too, where nobody wrote twice. The variance
        -- around the sample's own mean is too small, by the effective number as guessed. One author alone cannot tell
        -- how alike an author's mentions are: 0.2 is the least then.
        1 - greatest(least(coalesce(apart * (1 - (1 + greatest(least(guess, 1), 0) * (weight - 1)) / m), 0), 1), 0)
            * (1 - 0.2 * coalesce(alone * alone, 0)) as rho
    from guessed as g
),

bounded as (
    select
        a.*,
        -- 3.84146 is 1.95996 squared.
        3.84146 * (1 + rho * (weight - 1)) / m as z
    from alike as a
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    case when n >= 30 and authors >= 30 then p end as value,
    case when n >= 30 and authors >= 30
        then greatest(least((p + z / 2 - sqrt(z * p * (1 - p) + z * z / 4)) / (1 + z), p), 0) end as low,
    case when n >= 30 and authors >= 30
        then least(greatest((p + z / 2 + sqrt(z * p * (1 - p) + z * z / 4)) / (1 + z), p), 1) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from bounded
