-- One row per brand, week or month and its day one.
-- title: The brand's words turned against the place
-- unit: share of scored mentions that carry the brand
-- definition: Of the scored mentions that carry the brand's own name, tagline or hashtag, those negative toward the
--   territory. The tagline's own words are masked before the tone is read. It is a lower bound of mockery: irony that
--   the scorer takes for praise and a parody that changes the words are not seen. 95 % Wilson interval as in
--   slogan_adoption.
-- version: 2
-- grain: week, month
-- minimum_n: 30 authors and 30 scored mentions that carry the brand
-- source: proposal of this project; Wilson 1927, Kish 1965, Fleiss and Cuzick 1979
with

tallied as (
    select
        k.brand, k.dimension, k.part, k.grain, k.period, k.coverage,
        case when k.is_known then coalesce(o.named_scored_count, 0) end as n,
        o.named_author_count as authors,
        nullif(cast(o.named_scored_count as double), 0) as m,
        o.named_negative_count / nullif(cast(o.named_scored_count as double), 0) as p,
        cast(o.named_square as double) / nullif(o.named_scored_count, 0) as weight,
        -- 1 over the effective number of authors who wrote more than once.
        (o.named_square - 2 * o.named_scored_count + o.named_author_count)
            / nullif(power(o.named_scored_count - o.named_author_count, 2), 0) as alone,
        o.named_negative_within / 1000000.0 / nullif(o.named_scored_count - o.named_author_count, 0) as within
    from known_period as k
    left join agg_opinion as o on o.brand = k.brand and o.grain = k.grain and o.period = k.period
    where k.dimension = 'all' and k.grain in ('week', 'month')
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
