-- One row per brand, dimension (all, source), part, grain and period: how many of its nights are complete.
-- Rolling periods are kept for all sources together only.
-- kind: incremental
-- key: grain, period
with

replaced as (
    select b.grain, b.period, b.night, b.night_count, b.ends_on
    from bridge_period as b
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
),

answer as (
    select brand, 'all' as dimension, '' as part, night, case when is_complete then 1 else 0 end as complete
    from calendar

    union all

    select brand, 'source', source, night, case when is_complete then 1 else 0 end
    from coverage_night
),

daily as (
    select a.brand, a.dimension, a.part, r.grain, r.period, r.night_count, a.complete as complete_count, r.ends_on
    from answer as a
    inner join replaced as r on r.night = a.night
    where r.grain = 'day'
),

settled as (
    select
        a.brand, a.dimension, a.part, r.grain, r.period,
        min(r.night_count) as night_count, sum(a.complete) as complete_count, min(r.ends_on) as ends_on
    from answer as a
    inner join replaced as r on r.night = a.night
    where r.grain in ('week', 'month')
    group by a.brand, a.dimension, a.part, r.grain, r.period
),

rolled as (
    select
        c.brand,
        c.night,
        sum(case when c.is_complete then 1 else 0 end)
            over (partition by c.brand order by c.night rows between 6 preceding and current row) as complete7,
        sum(case when c.is_complete then 1 else 0 end)
            over (partition by c.brand order by c.night rows between 27 preceding and current row) as complete28
    from calendar as c
    where c.night >= (select min(r.night) from replaced as r)
),

rolling as (
    select
        r.brand, 'all' as dimension, '' as part, t.grain, t.period,
        case t.grain when 'rolling7' then 7 else 28 end as night_count,
        case t.grain when 'rolling7' then r.complete7 else r.complete28 end as complete_count,
        t.period as ends_on
    from rolled as r
    inner join touched_period as t on t.period = r.night
    where t.grain in ('rolling7', 'rolling28')
),

period as (
    select * from daily union all select * from settled union all select * from rolling
)

select
    brand,
    dimension,
    part,
    grain,
    cast(night_count as bigint) as night_count,
    cast(complete_count as bigint) as complete_count,
    complete_count = night_count or (complete_count > 0 and grain in ('week', 'month')) as is_known,
    period,
    ends_on
from period
