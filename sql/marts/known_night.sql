-- One row per brand, dimension (all, source), part, grain and period: how many nights it has and how many are complete.
-- kind: view
select
    brand, 'all' as dimension, '' as part, 'day' as grain,
    1 as night_count, case when is_complete then 1 else 0 end as complete_count, night as period, night as ends_on
from calendar

union all

select brand, 'source', source, 'day', 1, case when is_complete then 1 else 0 end, night, night
from coverage_night

union all

select brand, 'all', '', 'rolling7', 7, complete7_count, period, period
from agg_rolling

union all

select brand, 'all', '', 'rolling28', 28, complete28_count, period, period
from agg_rolling

union all

select brand, dimension, part, grain, night_count, complete_count, period, ends_on
from agg_coverage
