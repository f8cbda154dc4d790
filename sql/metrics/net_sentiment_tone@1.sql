-- One row per brand, dimension, part, grain and period.
-- title: Net tone of the posts
-- unit: -1 to +1
-- definition: (positive - negative) / scored mentions, by the tone of the whole post, whatever it is about:
--   bad news that happens in a place counts against it here. Kept beside net_sentiment for comparison with
--   other suites. Same interval.
-- version: 1
-- replaced: its interval as net_sentiment
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 30 authors and 30 scored mentions
-- source: as net_sentiment
with

tallied as (
    select
        brand, dimension, part, grain, period, coverage,
        tone_scored_count as n,
        tone_author_count as authors,
        cast(tone_positive_count - tone_negative_count as double) as s,
        -- One author with a positive and one with a negative mention are added before the spread is measured:
        -- without them 30 neutral posts would give an interval of no width.
        tone_scored_count + 2.0 as m,
        tone_author_count + 2.0 as clusters,
        tone_count_square + 2.0 as nn,
        tone_sign_square + 2.0 as ss,
        cast(tone_sign_count as double) as sn
    from brand_period
),

spread as (
    select
        t.*,
        s / m as centre,
        -- Variance of a ratio of sums over authors; at least 2 degrees of freedom, fewer when few authors say most.
        sqrt(greatest(clusters / (clusters - 1) * (ss - 2 * s / m * sn + s / m * s / m * nn), 0)) / m as se,
        greatest(m * m / nn - 1, 2) as df
    from tallied as t
),

widened as (
    select
        s.*,
        -- Student's 97.5 % point by its Cornish-Fisher expansion: 1.96 and 3 corrections, 0.2 % off at 5 degrees.
        se * (1.95996 + 2.37227 / df + 2.82250 / (df * df) + 2.55585 / (df * df * df)) as half
    from spread as s
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Half-width is 0.2 at 30 mentions and coverage of the interval falls below 93 % under 30 authors.
    case when n >= 30 and authors >= 30 then s / n end as value,
    case when n >= 30 and authors >= 30 then greatest(least(centre - half, s / n), -1) end as low,
    case when n >= 30 and authors >= 30 then least(greatest(centre + half, s / n), 1) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from widened
