-- One row per brand: where it stands on the last night published, over the 28 nights that end there when all of them
-- are complete, else over the complete nights of that night's month; `grain` says which, `coverage` how much of it.
with

last_night as (
    select d.night, d.month from dim_date as d where d.night = (select max(h.night) from dim_date as h)
),

chosen as (
    select
        p.brand,
        case when p.is_known then 'rolling28' else 'month' end as grain,
        case when p.is_known then n.night else n.month end as period,
        n.night
    from last_night as n
    inner join brand_period as p on p.period = n.night and p.grain = 'rolling28' and p.dimension = 'all'
),

figure as (
    select m.brand, m.metric, m.grain, m.period, m.value, m.low, m.high, m.n, m.coverage
    from metrics as m
    inner join chosen as c on c.brand = m.brand and c.grain = m.grain and c.period = m.period
    where m.metric in ('mentions', 'net_sentiment', 'reach', 'unique_authors', 'share_of_voice')
)

select
    b.brand,
    b.name,
    c.grain,
    cast(max(case when f.metric = 'mentions' then f.value end) as bigint) as mention_count,
    cast(max(case when f.metric = 'unique_authors' then f.value end) as bigint) as author_count,
    max(case when f.metric = 'net_sentiment' then f.value end) as net_sentiment,
    max(case when f.metric = 'net_sentiment' then f.low end) as net_sentiment_low,
    max(case when f.metric = 'net_sentiment' then f.high end) as net_sentiment_high,
    max(case when f.metric = 'net_sentiment' then f.n end) as scored_count,
    max(case when f.metric = 'reach' then f.low end) as reach_low,
    max(case when f.metric = 'reach' then f.value end) as reach_central,
    max(case when f.metric = 'reach' then f.high end) as reach_high,
    max(case when f.metric = 'share_of_voice' then f.value end) as share_of_voice,
    max(case when f.metric = 'mentions' then f.coverage end) as coverage,
    c.period,
    c.night
from chosen as c
inner join dim_brand as b on b.brand = c.brand
left join figure as f on f.brand = c.brand
where b.is_listened
group by b.brand, b.name, c.grain, c.period, c.night
