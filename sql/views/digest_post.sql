-- One row per brand, source and text said of it on a complete night, in the oldest post that can be linked to: how
-- often the text was posted in the ISO week, how far it was seen, and its rank among those of the same tone or night.
-- The brand's own posts are left out; `text` is NULL where the source's terms do not allow it to be shown.
-- `toward_rank` is NULL unless the tone is sure: a wrong post to answer or to thank costs more than none.
with

said as (
    select
        m.brand,
        m.post_number,
        coalesce(m.cluster_number, m.post_number) as said_number,
        m.source,
        m.kind,
        case m.image_sign when 1 then 'positive' when -1 then 'negative' when 0 then 'neutral' end as toward,
        -- Of tones nearer to zero than 0.5 half are wrong, of the others a quarter (gold set of tone toward a place).
        -- Nor may it go against the tone of the post as a whole.
        abs(case when m.toward is null then m.tone_score else m.toward_score end) >= 0.5
            and m.image_sign <> 0 and m.tone_sign * m.image_sign >= 0 as is_sure,
        m.interactions_latest,
        m.views_latest,
        coalesce(m.views_latest, m.reach_central, 0) as seen,
        r.text,
        r.url,
        m.created_at,
        m.night,
        d.week
    from fct_mention as m
    inner join dim_date as d on d.night = m.night
    left join recent_post as r on r.post_number = m.post_number
    where m.ownership <> 'owned' and m.is_night_complete
),

told as (
    select
        s.*,
        count(*) over (partition by brand, week, source, said_number) as echo_count,
        sum(seen) over (partition by brand, week, source, said_number) as seen_sum,
        row_number() over (
            partition by brand, week, source, said_number
            order by case when url is null then 1 else 0 end, case when kind = 'repost' then 1 else 0 end,
                created_at, post_number
        ) as place
    from said as s
)

select
    brand,
    post_number,
    source,
    kind,
    toward,
    text,
    url,
    interactions_latest,
    views_latest,
    cast(echo_count as bigint) as echo_count,
    cast(seen_sum as bigint) as seen_count,
    case when is_sure then cast(row_number() over (
        partition by brand, week, toward, is_sure order by seen_sum desc, created_at, post_number
    ) as bigint) end as toward_rank,
    cast(row_number() over (
        partition by brand, night order by seen_sum desc, created_at, post_number
    ) as bigint) as night_rank,
    created_at,
    night,
    week
from told
where place = 1 and url is not null and kind <> 'repost'
