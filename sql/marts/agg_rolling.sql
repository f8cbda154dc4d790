-- One row per brand and night: how many of the 7 and of the 28 nights that end there are complete.
-- kind: incremental
-- key: period
with

replaced as (
    select distinct t.period from touched_period as t
),

needed as (
    select c.brand, c.night, case when c.is_complete then 1 else 0 end as complete
    from calendar as c
    inner join (
        select min(b.night) as first_night
        from bridge_period as b
        inner join replaced as r on r.period = b.period
        where b.grain = 'rolling28'
    ) as f on c.night >= f.first_night
),

rolled as (
    select
        brand,
        night,
        sum(complete) over (partition by brand order by night rows between 6 preceding and current row) as complete7,
        sum(complete) over (partition by brand order by night rows between 27 preceding and current row) as complete28
    from needed
)

select
    r.brand,
    cast(r.complete7 as integer) as complete7_count,
    cast(r.complete28 as integer) as complete28_count,
    r.night as period
from rolled as r
inner join replaced as p on p.period = r.night
