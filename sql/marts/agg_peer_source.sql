-- One row per peer set, source, member, week or month and its day one in which the set was talked about there, on the
-- nights that the source answered in full for every member; columns as in agg_peer.
-- kind: incremental
-- twin: by month
-- key: grain, period
with

replaced as (
    select b.grain, b.period, b.night, b.night_count
    from bridge_period as b
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    where b.grain in ('week', 'month')
),

peers as (select brand, count(*) as peer_count from bridge_peer group by brand),

shared_night as (
    select m.brand, c.source, c.night
    from bridge_peer as m
    inner join peers as p on p.brand = m.brand
    inner join coverage_night as c on c.brand = m.peer
    inner join (select distinct r.night from replaced as r) as n on n.night = c.night
    where c.is_complete
    group by m.brand, c.source, c.night, p.peer_count
    having count(*) = p.peer_count
),

shared as (
    select s.brand, s.source, r.grain, r.period, min(r.night_count) as night_count, count(*) as complete_count
    from shared_night as s
    inner join replaced as r on r.night = s.night
    group by s.brand, s.source, r.grain, r.period
),

day as (
    select a.brand, a.part as source, a.period as night, a.mention_count from agg_mention as a
    inner join (select distinct r.night from replaced as r) as n on n.night = a.period
    where a.dimension = 'source' and a.grain = 'day'
),

said as (
    select s.brand, s.source, m.peer, r.grain, r.period, sum(a.mention_count) as mention_count
    from shared_night as s
    inner join bridge_peer as m on m.brand = s.brand
    inner join replaced as r on r.night = s.night
    inner join day as a on a.brand = m.peer and a.source = s.source and a.night = s.night
    group by s.brand, s.source, m.peer, r.grain, r.period
),

crowd as (
    select
        m.brand, a.part as source, a.grain, a.period,
        cast(sum(a.mention_square) as double) / nullif(sum(a.mention_count), 0) as design_effect
    from agg_mention as a
    inner join touched_period as t on t.grain = a.grain and t.period = a.period
    inner join bridge_peer as m on m.peer = a.brand
    where a.dimension = 'source' and a.grain in ('week', 'month')
    group by m.brand, a.part, a.grain, a.period
),

talked as (
    select brand, source, grain, period, sum(mention_count) as set_count from said
    group by brand, source, grain, period
    having sum(mention_count) > 0
)

select
    t.brand, t.source, m.peer, t.grain,
    cast(coalesce(s.mention_count, 0) as bigint) as mention_count,
    cast(t.set_count as bigint) as set_count,
    cast(h.night_count as bigint) as night_count,
    cast(h.complete_count as bigint) as complete_count,
    coalesce(c.design_effect, 1.0) as design_effect,
    t.period
from talked as t
inner join bridge_peer as m on m.brand = t.brand
inner join shared as h on h.brand = t.brand and h.source = t.source and h.grain = t.grain and h.period = t.period
left join said as s
    on s.brand = t.brand and s.source = t.source and s.peer = m.peer and s.grain = t.grain and s.period = t.period
left join crowd as c on c.brand = t.brand and c.source = t.source and c.grain = t.grain and c.period = t.period
