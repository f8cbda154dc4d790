-- One row per brand, dimension, part, grain and period.
-- title: Share of negative mentions
-- unit: share of scored mentions
-- definition: Mentions negative toward the territory divided by scored mentions. 95 % Wilson interval on
--   the effective number of mentions (n squared divided by the sum over authors of squares), so that one
--   author's posts are not taken for as many opinions.
-- version: 1
-- replaced: its interval took all mentions of one author for one opinion, so that it covered the truth in 99 to
--   100 % of cases and hid changes (docs/method.md)
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 30 authors and 30 scored mentions
-- source: Wilson 1927; Kish 1965
with

tallied as (
    select
        brand, dimension, part, grain, period, coverage,
        scored_count as n,
        scored_author_count as authors,
        negative_count / nullif(cast(scored_count as double), 0) as p,
        cast(scored_count as double) * scored_count / nullif(count_square, 0) as m
    from brand_period
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    case when n >= 30 and authors >= 30 then p end as value,
    -- 3.84146 is 1.95996 squared.
    case when n >= 30 and authors >= 30 then greatest(least(
        (p + 1.92073 / m - 1.95996 * sqrt(p * (1 - p) / m + 0.960365 / (m * m))) / (1 + 3.84146 / m), p), 0)
    end as low,
    case when n >= 30 and authors >= 30 then least(greatest(
        (p + 1.92073 / m + 1.95996 * sqrt(p * (1 - p) / m + 0.960365 / (m * m))) / (1 + 3.84146 / m), p), 1)
    end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from tallied
