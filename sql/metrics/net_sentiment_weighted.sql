-- One row per brand, week or month and its day one.
-- title: Net sentiment weighted by reach
-- unit: -1 to +1
-- definition: Sum of weight times sign over the sum of weights, a mention's weight being log(1 + its central reach
--   estimate), from followers alone: views come later, and a young week would be weighed by another measure than an
--   old one. No author weighs more than 5 % of all. Beside net_sentiment, never instead of it. Mentions without a
--   reach estimate are left out; n is how many are not. Interval over authors, with Student's t on their effective
--   number.
-- version: 2
-- grain: week, month
-- minimum_n: 30 authors and 30 scored mentions with a weight
-- source: weights and cap are a proposal of this project; Kish 1965 for the effective number, Cochran 1977
with

tallied as (
    select
        k.brand, k.dimension, k.part, k.grain, k.period, k.coverage,
        case when k.is_known then coalesce(o.weighed_count, 0) end as n,
        o.weighed_author_count as authors,
        o.weight_sum as w,
        o.weighted_sum as s,
        -- One author of mean weight on each side is added before the spread is measured.
        o.weight_sum + 2 * o.weight_sum / nullif(o.weighed_author_count, 0) as m,
        o.weight_square + 2 * power(o.weight_sum / nullif(o.weighed_author_count, 0), 2) as nn,
        o.weighted_square + 2 * power(o.weight_sum / nullif(o.weighed_author_count, 0), 2) as ss,
        o.weighted_weight as sn
    from known_period as k
    left join agg_opinion as o on o.brand = k.brand and o.grain = k.grain and o.period = k.period
    where k.dimension = 'all' and k.grain in ('week', 'month')
),

spread as (
    select
        t.*,
        s / nullif(m, 0) as centre,
        sqrt(greatest((authors + 2.0) / (authors + 1.0)
            * (ss - 2 * s / nullif(m, 0) * sn + s / nullif(m, 0) * s / nullif(m, 0) * nn), 0)) / nullif(m, 0) as se,
        greatest(m * m / nullif(nn, 0) - 1, 2) as df
    from tallied as t
),

widened as (
    select
        s.*,
        -- Student's 97.5 % point by its Cornish-Fisher expansion.
        se * (1.95996 + 2.37227 / df + 2.82250 / (df * df) + 2.55585 / (df * df * df)) as half
    from spread as s
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    case when n >= 30 and authors >= 30 then s / nullif(w, 0) end as value,
    case when n >= 30 and authors >= 30 then greatest(least(centre - half, s / nullif(w, 0)), -1) end as low,
    case when n >= 30 and authors >= 30 then least(greatest(centre + half, s / nullif(w, 0)), 1) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from widened
