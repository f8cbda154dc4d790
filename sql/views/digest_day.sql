-- One row per brand and night: mentions, and the usual level of that weekday over the 8 weeks before. An unusual night
-- is no habit: it is left out of the level. The level is NULL until 4 of those 8 nights are complete and were usual;
-- mentions are NULL on a night that is not complete.
with

-- Nights that are no unusual ones, all sources together.
ordinary as (
    select c.brand, c.night
    from calendar as c
    left join night_alarm as o on o.brand = c.brand and o.night = c.night and o.source = '*'
    where o.brand is null
),

nightly as (
    select
        b.brand, b.mention_count, c.status, d.weekday, d.week, b.period as night,
        o.brand is null as is_unusual,
        case when o.brand is not null then b.mention_count end as habit_count
    from agg_brand_day as b
    inner join calendar as c on c.brand = b.brand and c.night = b.period
    inner join dim_date as d on d.night = b.period
    left join ordinary as o on o.brand = b.brand and o.night = b.period
),

before as (
    select
        n.*,
        avg(habit_count) over (
            partition by brand, weekday order by night rows between 8 preceding and 1 preceding
        ) as usual_mean,
        count(habit_count) over (
            partition by brand, weekday order by night rows between 8 preceding and 1 preceding
        ) as usual_night_count
    from nightly as n
)

select
    brand,
    status,
    mention_count,
    -- A mean over fewer than 4 nights moves more than what it is compared with.
    case when usual_night_count >= 4 then usual_mean end as usual_count,
    cast(usual_night_count as bigint) as usual_night_count,
    is_unusual,
    week,
    night
from before
