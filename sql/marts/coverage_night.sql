-- One row per source, brand and night that was asked for: the best answer over all runs.
-- A row written for one brand is worth more than the run's row for all; an imported archive can complete a night.
-- kind: incremental
-- twin: by month
-- key: night
with

asked as (
    select l.source, s.brand, l.run, l.night, l.status_rank, 0 as is_own
    from stg_ledger as l
    inner join touched_night as t on t.night = l.night
    inner join stg_ledger_scope as s on s.run = l.run
    where l.brand = '*'

    union all

    select l.source, l.brand, l.run, l.night, l.status_rank, 1 as is_own
    from stg_ledger as l
    inner join touched_night as t on t.night = l.night
    where l.brand <> '*'
),

by_run as (
    select
        source,
        brand,
        run,
        night,
        coalesce(max(case when is_own = 1 then status_rank end), max(status_rank)) as status_rank
    from asked
    group by source, brand, run, night
),

best as (
    select
        source,
        brand,
        night,
        max(status_rank) as status_rank
    from by_run
    group by source, brand, night
)

select
    b.source,
    b.brand,
    case b.status_rank
        when 4 then 'complete' when 3 then 'partial' when 2 then 'budget' when 1 then 'failed' else 'off'
    end as status,
    b.status_rank = 4 as is_complete,
    b.night
from best as b
inner join dim_brand as d on d.brand = b.brand
inner join dim_date as n on n.night = b.night
