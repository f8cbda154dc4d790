-- One row per brand, dimension (all, source), part, grain and period; by source in weeks and months.
-- title: Share of voice in the peer set
-- unit: share of mentions
-- definition: The brand's mentions divided by those of its peer set, itself included, on the nights
--   complete for every member. 95 % Wilson interval on the effective number of mentions, since one author
--   may write many. n is the peer set's mentions; coverage is over nights complete for all. Shares whose
--   intervals overlap are ties. By source it counts the mentions there, on the nights that the source answered in full
--   for every member. Unknown where the brand file names no peer or nobody spoke.
-- version: 2
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 10 mentions of the peer set
-- source: Wilson 1927; Kish 1965 for the effective number
select
    brand,
    'all' as dimension,
    '' as part,
    grain,
    period,
    case when set_count >= 10 then share end as value,
    case when set_count >= 10 then share_low end as low,
    case when set_count >= 10 then share_high end as high,
    set_count as n,
    coverage
from peer_share
where peer = brand and (complete_count = night_count or grain in ('week', 'month'))

union all

select
    brand,
    'source' as dimension,
    source as part,
    grain,
    period,
    case when set_count >= 10 then share end as value,
    case when set_count >= 10 then share_low end as low,
    case when set_count >= 10 then share_high end as high,
    set_count as n,
    coverage
from peer_source_share
where peer = brand
