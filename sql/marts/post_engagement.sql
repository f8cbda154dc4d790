-- One row per post of a touched night: what it had gathered one, seven and 28 days after it was written, and at last.
-- The figure at an age is the last one seen near it and not after: in the 13 hours before one day, in the day before
-- seven or 28. A post that nobody looked at then has none: counts grow by a third from the second day to the third. In
-- the seventh day they grow by half a per cent, so that there an archive with one look a day is near enough.
-- Unknown while the last night published leaves the post younger. A repost shows its original's counts: none its own.
-- kind: temp view
with

age as (
    select 1 as age_days, 13 * 3600.0 as near_seconds
    union all
    select 7, 86400.0
    union all
    select 28, 86400.0
    union all
    select 36500, null
),

seen as (
    select
        e.post_number,
        e.interactions,
        e.shares,
        e.view_count,
        e.observed_at,
        extract(epoch from e.observed_at) - extract(epoch from p.created_at) as age_seconds,
        d.day_number
    from stg_post as p
    inner join touched_night as t on t.night = p.night
    inner join dim_date as d on d.night = p.night
    inner join stg_engagement as e on e.post_number = p.post_number and e.night = p.night
    where p.kind <> 'repost'
),

ripe as (
    select s.*, a.age_days
    from seen as s
    inner join age as a
        on s.age_seconds <= a.age_days * 86400.0
            and (a.near_seconds is null or s.age_seconds >= a.age_days * 86400.0 - a.near_seconds)
    where a.age_days = 36500 or s.day_number + a.age_days <= (select max(h.day_number) from dim_date as h)
),

gathered as (
    select r.*, row_number() over (partition by post_number, age_days order by observed_at desc) as recency
    from ripe as r
    where interactions is not null
),

watched as (
    select r.*, row_number() over (partition by post_number, age_days order by observed_at desc) as recency
    from ripe as r
    where view_count is not null
),

last_seen as (
    select post_number, age_days, interactions, shares, cast(null as bigint) as view_count
    from gathered
    where recency = 1
    union all
    select post_number, age_days, null, null, view_count from watched where recency = 1
)

select
    post_number,
    max(case when age_days = 1 then interactions end) as interactions_d1,
    max(case when age_days = 7 then interactions end) as interactions_d7,
    max(case when age_days = 28 then interactions end) as interactions_d28,
    max(case when age_days = 36500 then interactions end) as interactions_latest,
    max(case when age_days = 7 then shares end) as shares_d7,
    max(case when age_days = 7 then view_count end) as views_d7,
    max(case when age_days = 36500 then view_count end) as views_latest
from last_seen
group by post_number
