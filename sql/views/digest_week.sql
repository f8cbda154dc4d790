-- One row per brand and ISO week, named by its Monday: its mentions, those of the week before on the nights that are
-- complete in both, and the range in which a week of this brand usually falls, by its weeks without an unusual night.
with

nightly as (
    select n.brand, n.mention_count, n.usual_count, n.is_unusual, n.week, d.day_number
    from digest_day as n
    inner join dim_date as d on d.night = n.night
),

paired as (
    select
        n.brand,
        n.week,
        sum(case when p.mention_count is not null then n.mention_count end) as like_count,
        sum(case when n.mention_count is not null then p.mention_count end) as like_previous_count,
        count(case when p.mention_count is not null then n.mention_count end) as like_night_count,
        count(case when n.is_unusual then 1 end) as unusual_count,
        case when count(n.usual_count) = count(*) then sum(n.usual_count) end as usual_count
    from nightly as n
    left join nightly as p on p.brand = n.brand and p.day_number = n.day_number - 7
    where n.mention_count is not null
    group by n.brand, n.week
),

whole as (
    select
        w.brand, w.mention_count, w.by_name_count, w.author_count, w.night_count, w.complete_count, w.coverage,
        w.period as week, d.day_number
    from agg_brand_week as w
    inner join dim_date as d on d.night = w.period
),

spread as (
    select
        w.brand,
        w.week,
        p.usual_count,
        -- 95 % range of a new week beside the mean of others, with their dispersion beyond chance, as in the published
        -- outbreak systems: 1 is Poisson. Student's 97.5 % point by its Cornish-Fisher expansion, for a dispersion that
        -- some eight weeks tell.
        (1.95996 + 2.37227 / (count(*) - 1.0) + 2.82250 / power(count(*) - 1.0, 2) + 2.55585 / power(count(*) - 1.0, 3))
        * sqrt(
            p.usual_count * (1 + 1 / cast(count(*) as double))
            * greatest(1.0, coalesce(var_samp(o.mention_count) / nullif(avg(o.mention_count), 0), 1.0))
        ) as half
    from whole as w
    inner join paired as p on p.brand = w.brand and p.week = w.week
    inner join whole as o
        on o.brand = w.brand
        and o.day_number between w.day_number - 56 and w.day_number - 7
        and o.complete_count = o.night_count
    inner join paired as q on q.brand = o.brand and q.week = o.week and q.unusual_count = 0
    group by w.brand, w.week, p.usual_count
    having count(*) >= 4
)

select
    w.brand,
    w.mention_count,
    w.by_name_count,
    o.by_name_count as previous_by_name_count,
    w.author_count,
    w.night_count,
    w.complete_count,
    cast(p.like_count as bigint) as like_count,
    cast(p.like_previous_count as bigint) as like_previous_count,
    cast(coalesce(p.like_night_count, 0) as bigint) as like_night_count,
    (p.like_count - p.like_previous_count) / nullif(cast(p.like_previous_count as double), 0) as change_share,
    s.usual_count,
    -- A range that begins at zero says nothing of a brand that has a level: from 10 mentions a week there is none.
    case when s.half < s.usual_count or s.usual_count < 10 then greatest(s.usual_count - s.half, 0) end as usual_low,
    case when s.half < s.usual_count or s.usual_count < 10 then s.usual_count + s.half end as usual_high,
    w.coverage,
    w.week
from whole as w
left join paired as p on p.brand = w.brand and p.week = w.week
left join spread as s on s.brand = w.brand and s.week = w.week
left join whole as o on o.brand = w.brand and o.day_number = w.day_number - 7
