-- One row per brand and night, whether anything was collected or not.
-- A night is complete when every source that was asked answered in full; a source switched off was not asked.
-- kind: incremental
-- key: night
with

answered as (
    select
        c.brand,
        c.night,
        count(*) as asked_count,
        sum(case when c.is_complete then 1 else 0 end) as complete_count,
        sum(case when c.status in ('complete', 'partial') then 1 else 0 end) as useful_count
    from coverage_night as c
    inner join touched_night as t on t.night = c.night
    where c.status <> 'off'
    group by c.brand, c.night
)

select
    b.brand,
    case
        when a.asked_count is null then 'not_asked'
        when a.complete_count = a.asked_count then 'complete'
        when a.useful_count > 0 then 'partial'
        else 'failed'
    end as status,
    cast(coalesce(a.asked_count, 0) as bigint) as asked_source_count,
    cast(coalesce(a.complete_count, 0) as bigint) as complete_source_count,
    coalesce(a.complete_count = a.asked_count, false) as is_complete,
    n.night
from dim_brand as b
cross join dim_date as n
inner join touched_night as t on t.night = n.night
left join answered as a on a.brand = b.brand and a.night = n.night
