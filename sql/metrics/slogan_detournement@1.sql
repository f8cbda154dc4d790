-- One row per brand, week or month and its day one.
-- title: The brand's words turned against the place
-- unit: share of scored mentions that carry the brand
-- definition: Of the scored mentions that carry the brand's own name, tagline or hashtag, those negative toward the
--   territory. The tagline's own words are masked before the tone is read. It is a lower bound of mockery: irony that
--   the scorer takes for praise and a parody that changes the words are not seen. Wilson interval as in
--   slogan_adoption.
-- version: 1
-- replaced: its interval took all mentions of an author for one opinion: far wider than 95 % asks where they differ
--   (docs/method.md)
-- grain: week, month
-- minimum_n: 30 authors and 30 scored mentions that carry the brand
-- source: proposal of this project; Wilson 1927, Kish 1965
with

tallied as (
    select
        k.brand, k.dimension, k.part, k.grain, k.period, k.coverage,
        case when k.is_known then coalesce(o.named_scored_count, 0) end as n,
        o.named_author_count as authors,
        o.named_negative_count / nullif(cast(o.named_scored_count as double), 0) as p,
        cast(o.named_scored_count as double) * o.named_scored_count / nullif(o.named_square, 0) as m
    from known_period as k
    left join agg_opinion as o on o.brand = k.brand and o.grain = k.grain and o.period = k.period
    where k.dimension = 'all' and k.grain in ('week', 'month')
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
