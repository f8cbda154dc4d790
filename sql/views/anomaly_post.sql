-- One row per unusually busy night of a brand and source, and text behind it, at most 5: the oldest post that can be
-- linked to, near-duplicates and reposts counted with it. `share` is its part of that night's mentions.
-- The link is NULL where the source's terms forbid it and once it has expired.
with

said as (
    select
        a.brand,
        a.source,
        m.post_number,
        coalesce(m.cluster_number, m.post_number) as said_number,
        m.kind,
        case m.image_sign when 1 then 'positive' when -1 then 'negative' when 0 then 'neutral' end as toward,
        coalesce(m.views_latest, m.reach_central, 0) as seen,
        m.created_at,
        a.night
    from night_alarm as a
    inner join fct_mention as m
        on m.brand = a.brand and m.night = a.night
        and (a.source = '*' and m.is_night_complete or m.source = a.source and m.is_source_complete)
    where a.direction = 'up' and m.ownership <> 'owned'
),

linked as (
    select s.*, r.url
    from said as s
    left join recent_post as r on r.post_number = s.post_number
),

told as (
    select
        l.*,
        count(*) over (partition by brand, night, source, said_number) as echo_count,
        count(*) over (partition by brand, night, source) as night_count,
        sum(seen) over (partition by brand, night, source, said_number) as seen_sum,
        row_number() over (
            partition by brand, night, source, said_number
            order by case when url is null then 1 else 0 end, case when kind = 'repost' then 1 else 0 end,
                created_at, post_number
        ) as place
    from linked as l
),

ranked as (
    select
        t.*,
        row_number() over (
            partition by brand, night, source order by echo_count desc, seen_sum desc, created_at, post_number
        ) as rank
    from told as t
    where place = 1
)

select
    brand,
    night,
    source,
    cast(rank as bigint) as rank,
    post_number as post_key,
    url,
    kind,
    echo_count / nullif(cast(night_count as double), 0) as share,
    toward
from ranked
where rank <= 5
