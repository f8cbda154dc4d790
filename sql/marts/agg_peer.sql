-- One row per peer set, member, grain and period in which the set was talked about: shares of voice.
-- Only nights complete for every member count; `night_count` is how many of the period's nights those are.
-- `design_effect` says how much less they tell than as many mentions by different authors: sum of squares by author.
-- kind: incremental
-- twin: by month
-- key: grain, period
with

replaced as (
    select distinct b.night
    from bridge_period as b
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
),

shared_night as (
    select m.brand, c.night
    from bridge_peer as m
    inner join calendar as c on c.brand = m.peer
    inner join replaced as r on r.night = c.night
    group by m.brand, c.night
    having min(case when c.is_complete then 1 else 0 end) = 1
),

day as (
    select a.brand, a.period as night, a.mention_count from agg_mention as a
    inner join replaced as r on r.night = a.period
    where a.dimension = 'all' and a.grain = 'day'
),

said as (
    select s.brand, m.peer, b.grain, b.period, sum(a.mention_count) as mention_count
    from day as a
    inner join bridge_peer as m on m.peer = a.brand
    inner join shared_night as s on s.brand = m.brand and s.night = a.night
    inner join bridge_period as b on b.night = s.night
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    group by s.brand, m.peer, b.grain, b.period
),

talked as (
    select brand, grain, period, sum(mention_count) as set_count from said
    group by brand, grain, period
    having sum(mention_count) > 0
),

crowd as (
    select
        m.brand, a.grain, a.period,
        cast(sum(a.mention_square) as double) / nullif(sum(a.mention_count), 0) as design_effect
    from agg_mention as a
    inner join touched_period as t on t.grain = a.grain and t.period = a.period
    inner join bridge_peer as m on m.peer = a.brand
    where a.dimension = 'all'
    group by m.brand, a.grain, a.period
),

nights as (
    select t.brand, t.grain, t.period, min(b.night_count) as night_count, count(s.night) as complete_count
    from talked as t
    inner join bridge_period as b on b.grain = t.grain and b.period = t.period
    left join shared_night as s on s.brand = t.brand and s.night = b.night
    group by t.brand, t.grain, t.period
)

select
    t.brand,
    m.peer,
    t.grain,
    cast(coalesce(s.mention_count, 0) as bigint) as mention_count,
    cast(t.set_count as bigint) as set_count,
    cast(n.night_count as bigint) as night_count,
    cast(n.complete_count as bigint) as complete_count,
    coalesce(c.design_effect, 1.0) as design_effect,
    t.period
from talked as t
inner join bridge_peer as m on m.brand = t.brand
inner join nights as n on n.brand = t.brand and n.grain = t.grain and n.period = t.period
left join said as s on s.brand = t.brand and s.peer = m.peer and s.grain = t.grain and s.period = t.period
left join crowd as c on c.brand = t.brand and c.grain = t.grain and c.period = t.period
