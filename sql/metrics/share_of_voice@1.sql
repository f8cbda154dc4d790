-- One row per brand, dimension, part, grain and period.
-- title: Share of voice in the peer set
-- unit: share of mentions
-- definition: The brand's mentions divided by those of its peer set, itself included, on the nights
--   complete for every member. 95 % Wilson interval. n is the peer set's mentions; coverage is over nights
--   complete for all. Shares whose intervals overlap are ties. Unknown where the brand file names no peer
--   or nobody spoke.
-- version: 1
-- replaced: its interval took each mention for a separate event, so that it covered the truth in 38 to 70 % of cases
--   where authors write more than once (docs/method.md)
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 mentions of the peer set
-- source: Wilson 1927
with

shared as (
    select
        brand, grain, period,
        set_count as n,
        mention_count / nullif(cast(set_count as double), 0) as p,
        cast(set_count as double) as m,
        complete_count / nullif(cast(night_count as double), 0) as coverage
    from agg_peer
    where peer = brand and (complete_count = night_count or grain in ('week', 'month'))
)

select
    brand,
    'all' as dimension,
    '' as part,
    grain,
    period,
    case when n >= 10 then p end as value,
    case when n >= 10 then greatest(least(
        (p + 1.92073 / m - 1.95996 * sqrt(p * (1 - p) / m + 0.960365 / (m * m))) / (1 + 3.84146 / m), p), 0)
    end as low,
    case when n >= 10 then least(greatest(
        (p + 1.92073 / m + 1.95996 * sqrt(p * (1 - p) / m + 0.960365 / (m * m))) / (1 + 3.84146 / m), p), 1)
    end as high,
    n,
    coverage
from shared
