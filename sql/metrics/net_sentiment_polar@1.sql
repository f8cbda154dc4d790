-- One row per brand, week or month and its day one.
-- title: Net sentiment of the mentions that take sides
-- unit: -1 to +1
-- definition: (positive - negative) / (positive + negative), neutral mentions left out: the other variant that suites
--   publish. It swings widely where most mentions are neutral, so it is never the headline. 95 % interval
--   by author as in version 1 of net_sentiment, which was replaced for being too narrow where few authors write most.
-- version: 1
-- replaced: its interval took the spread of the authors as it is found: too narrow where a few authors write most
--   (docs/method.md)
-- grain: week, month
-- minimum_n: 30 authors and 30 mentions that are not neutral
-- source: second published variant of net sentiment; Cochran 1977, Kish 1965, Agresti and Caffo 2000
with

tallied as (
    select
        k.brand, k.dimension, k.part, k.grain, k.period, k.coverage,
        case when k.is_known then coalesce(o.polar_count, 0) end as n,
        o.polar_author_count as authors,
        cast(o.polar_sum as double) as s,
        -- One author of each side is added before the spread is measured: agreement of few is no certainty.
        o.polar_count + 2.0 as m,
        o.polar_author_count + 2.0 as clusters,
        o.polar_square + 2.0 as nn,
        o.polar_sign_square + 2.0 as ss,
        cast(o.polar_sign_count as double) as sn
    from known_period as k
    left join agg_opinion as o on o.brand = k.brand and o.grain = k.grain and o.period = k.period
    where k.dimension = 'all' and k.grain in ('week', 'month')
),

spread as (
    select
        t.*,
        s / m as centre,
        sqrt(greatest(clusters / (clusters - 1) * (ss - 2 * s / m * sn + s / m * s / m * nn), 0)) / m as se,
        greatest(m * m / nn - 1, 2) as df
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
    case when n >= 30 and authors >= 30 then s / n end as value,
    case when n >= 30 and authors >= 30 then greatest(least(centre - half, s / n), -1) end as low,
    case when n >= 30 and authors >= 30 then least(greatest(centre + half, s / n), 1) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from widened
