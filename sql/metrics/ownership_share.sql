-- One row per brand, dimension (ownership), part (earned, partner, owned), grain and period.
-- title: Who carries the mentions
-- unit: share of mentions and owned posts
-- definition: Mentions by anybody (earned), by the accounts that the brand file lists as partners, and by the brand's
--   own accounts, each divided by all three, which n counts: the three add up to 1. All that was collected is counted
--   and no account is there by chance, so there is no interval.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 30 mentions
-- source: proposal of this project
with

part as (
    select v.part
    from (values ('earned'), ('partner'), ('owned')) as v (part)
),

split as (
    select
        brand, grain, period, coverage,
        mention_count + owned_count as n,
        mention_count - partner_count as earned_count,
        partner_count,
        owned_count
    from brand_period
    where dimension = 'all'
)

select
    s.brand,
    'ownership' as dimension,
    p.part,
    s.grain,
    s.period,
    case when s.n >= 30 then
        case p.part when 'earned' then s.earned_count when 'partner' then s.partner_count else s.owned_count end
        / cast(s.n as double)
    end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    s.n,
    s.coverage
from split as s
cross join part as p
