-- One row per period and night in it. A rolling period is named by its last night, a week by its Monday, a month by
-- its first day; `night_count` is how many nights the whole period has, come or not.
-- kind: table
select 'day' as grain, 1 as night_count, d.night as period, d.night as ends_on, d.night
from dim_date as d

union all

select 'week' as grain, 7 as night_count, d.week as period, d.week_end as ends_on, d.night
from dim_date as d

union all

select 'month' as grain, d.month_length as night_count, d.month as period, d.month_end as ends_on, d.night
from dim_date as d

union all

select 'rolling7' as grain, 7 as night_count, d.night as period, d.night as ends_on, n.night
from dim_date as d
inner join dim_date as n on n.day_number between d.day_number - 6 and d.day_number

union all

select 'rolling28' as grain, 28 as night_count, d.night as period, d.night as ends_on, n.night
from dim_date as d
inner join dim_date as n on n.day_number between d.day_number - 27 and d.day_number
