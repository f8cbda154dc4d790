-- One row per unusual night of a brand and source behind it: its mentions beyond its own usual level (`excess`).
-- A source whose usual level is not known has joined, one that is not asked any more has left: what is counted changed.
with

now as (
    select
        a.brand, a.night, a.source, t.source as part,
        cast(t.mention_count as double) as mention_count,
        t.usual_count
    from night_alarm as a
    inner join night_test as t
        on t.brand = a.brand and t.night = a.night
        and (a.source = '*' and t.source <> '*' or a.source <> '*' and t.source = a.source)
),

gone as (
    select a.brand, a.night, a.source, t.source as part, max(t.usual_count) as usual_count
    from night_alarm as a
    inner join dim_date as d on d.night = a.night
    inner join dim_date as b on b.day_number between d.day_number - 7 and d.day_number - 1
    inner join night_test as t on t.brand = a.brand and t.night = b.night and t.source <> '*'
    left join now as n on n.brand = a.brand and n.night = a.night and n.source = a.source and n.part = t.source
    where a.source = '*' and n.brand is null and t.usual_count is not null
    group by a.brand, a.night, a.source, t.source
)

select
    brand, source, part,
    case when usual_count is null then 'joined' else 'asked' end as state,
    mention_count,
    coalesce(usual_count, 0) as usual_count,
    mention_count - coalesce(usual_count, 0) as excess,
    night
from now

union all

select brand, source, part, 'left', 0, usual_count, -usual_count, night
from gone
