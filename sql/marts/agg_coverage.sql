-- One row per brand, dimension (all, source), part, week or month: how many of its nights are complete.
-- kind: incremental
-- twin: by month
-- key: grain, period
with

replaced as (
    select b.grain, b.period, b.night, b.night_count, b.ends_on
    from bridge_period as b
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    where b.grain in ('week', 'month')
),

answer as (
    select brand, 'all' as dimension, '' as part, night, case when is_complete then 1 else 0 end as complete
    from calendar

    union all

    select brand, 'source', source, night, case when is_complete then 1 else 0 end
    from coverage_night
)

select
    a.brand,
    a.dimension,
    a.part,
    r.grain,
    cast(min(r.night_count) as bigint) as night_count,
    cast(sum(a.complete) as bigint) as complete_count,
    r.period,
    min(r.ends_on) as ends_on
from answer as a
inner join replaced as r on r.night = a.night
group by a.brand, a.dimension, a.part, r.grain, r.period
