-- One row per brand, dimension (all, source, language), part, grain and period, with what is known of its nights.
-- A language has no collection of its own: it is as well covered as the brand is.
-- kind: view
with

part as (
    select distinct brand, part from agg_mention where dimension = 'language'
),

horizon as (
    select max(day_number) as last_day from dim_date
),

period as (
    select brand, dimension, part, grain, night_count, complete_count, period, ends_on
    from known_night

    union all

    select c.brand, 'language', l.part, c.grain, c.night_count, c.complete_count, c.period, c.ends_on
    from known_night as c
    inner join part as l on l.brand = c.brand
    where c.dimension = 'all' and c.grain in ('day', 'week', 'month')
),

judged as (
    select
        p.*,
        p.complete_count = p.night_count or (p.complete_count > 0 and p.grain in ('week', 'month')) as is_known
    from period as p
)

select
    p.brand,
    p.dimension,
    p.part,
    p.grain,
    cast(p.night_count as bigint) as night_count,
    cast(p.complete_count as bigint) as complete_count,
    p.complete_count / nullif(cast(p.night_count as double), 0) as coverage,
    p.is_known,
    coalesce(p.is_known and d.day_number + 1 <= h.last_day, false) as is_known_d1,
    coalesce(p.is_known and d.day_number + 7 <= h.last_day, false) as is_known_d7,
    coalesce(p.is_known and d.day_number + 28 <= h.last_day, false) as is_known_d28,
    p.period,
    p.ends_on
from judged as p
cross join horizon as h
left join dim_date as d on d.night = p.ends_on
