-- One row per brand, week or month and its day one.
-- title: Net sentiment of the mentions that take sides
-- unit: -1 to +1
-- definition: (positive - negative) / (positive + negative), neutral mentions left out: the other variant that suites
--   publish. It swings widely where most mentions are neutral, so it is never the headline. 95 % Wilson interval on the
--   effective number of mentions, as in net_sentiment.
-- version: 2
-- grain: week, month
-- minimum_n: 30 authors and 30 mentions that are not neutral
-- source: second published variant of net sentiment; Wilson 1927, Kish 1965 for the effective number, Fleiss and Cuzick
--   1979 for how alike an author's mentions are
with

tallied as (
    select
        k.brand, k.dimension, k.part, k.grain, k.period, k.coverage,
        case when k.is_known then coalesce(o.polar_count, 0) end as n,
        o.polar_author_count as authors,
        nullif(cast(o.polar_count as double), 0) as m,
        o.polar_sum / nullif(cast(o.polar_count as double), 0) as s,
        cast(o.polar_square as double) / nullif(o.polar_count, 0) as weight,
        -- 1 over the effective number of authors who wrote more than once.
        (o.polar_square - 2 * o.polar_count + o.polar_author_count)
            / nullif(power(o.polar_count - o.polar_author_count, 2), 0) as alone,
        o.polar_within / 1000000.0 / nullif(o.polar_count - o.polar_author_count, 0) as within
    from known_period as k
    left join agg_opinion as o on o.brand = k.brand and o.grain = k.grain and o.period = k.period
    where k.dimension = 'all' and k.grain in ('week', 'month')
),

guessed as (
    select
        t.*,
        within / nullif(1 - s * s, 0) as apart,
        1 - within / nullif(1 - s * s, 0) * (1 - weight / m) as guess
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
    case when n >= 30 and authors >= 30 then s end as value,
    case when n >= 30 and authors >= 30
        then greatest(least((s - sqrt(z * (1 - s * s) + z * z)) / (1 + z), s), -1) end as low,
    case when n >= 30 and authors >= 30
        then least(greatest((s + sqrt(z * (1 - s * s) + z * z)) / (1 + z), s), 1) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from bounded
