-- One row per post and brand accepted as being about the territory, over all history, without text or names.
-- Reposts are mentions: someone chose to say it again; `kind` tells them apart. Spam is not a mention.
-- kind: incremental
-- twin: by month
-- key: night
with

-- Of the touched nights alone: a left join reads all that it is given.
asked as (
    select c.brand, c.night, c.is_complete
    from calendar as c
    inner join touched_night as t on t.night = c.night
),

answered as (
    select c.source, c.brand, c.night, c.is_complete
    from coverage_night as c
    inner join touched_night as t on t.night = c.night
)

select
    p.post_number,
    p.author_number,
    p.cluster_number,
    p.near_number,
    m.brand,
    m.territory,
    p.source,
    p.lang,
    p.kind,
    p.ownership,
    case when p.kind = 'article' then case when a.role is not null then 'inside' else 'outside' end end as press,
    m.tone,
    m.toward,
    m.matcher,
    m.scorer,
    p.reach_version,
    m.tone_sign,
    m.image_sign,
    m.tone_score,
    m.toward_score,
    p.follower_count,
    p.reach_low,
    p.reach_central,
    p.reach_high,
    e.interactions_d1,
    e.interactions_d7,
    e.interactions_d28,
    e.interactions_latest,
    e.shares_d7,
    e.views_d7,
    e.views_latest,
    m.is_by_name,
    coalesce(s.is_combinable, false) as is_combinable,
    coalesce(c.is_complete, false) as is_night_complete,
    coalesce(o.is_complete, false) as is_source_complete,
    p.created_at,
    p.night
from stg_post as p
inner join touched_night as t on t.night = p.night
inner join stg_mention as m on m.post_number = p.post_number and m.night = p.night
left join asked as c on c.brand = m.brand and c.night = p.night
left join dim_source as s on s.source = p.source
left join answered as o on o.source = p.source and o.brand = m.brand and o.night = p.night
left join dim_account as a
    on a.brand = m.brand and a.role = 'press' and a.source = p.source and a.author_number = p.author_number
left join post_engagement as e on e.post_number = p.post_number
where m.is_accepted and m.sense <> 'spam'
