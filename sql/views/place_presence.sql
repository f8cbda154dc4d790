-- One row per brand and month: presence (Anholt's city hexagon) and national prominence (Bloom), which are attention,
-- not tone: the brand's share of its peer set's mentions, and of the peers' page views in months known for all of them.
with

watched as (
    select
        p.brand, a.brand as peer, a.view_count, a.period,
        count(*) over (partition by p.brand, a.period) as known_peers,
        sum(a.view_count) over (partition by p.brand, a.period) as set_views,
        min(case when a.known_count = a.asked_count then 1 else 0 end) over (partition by p.brand, a.period) as is_whole
    from agg_attention as a
    inner join bridge_peer as p on p.peer = a.brand
    where a.dimension = 'all' and a.grain = 'month'
),

peers as (
    select brand, count(*) as peer_count from bridge_peer group by brand
)

select
    k.brand,
    s.mention_count / nullif(cast(s.set_count as double), 0) as mention_share,
    case when w.is_whole = 1 and w.known_peers = c.peer_count
        then w.view_count / nullif(cast(w.set_views as double), 0) end as attention_share,
    a.view_count,
    k.coverage,
    k.period as month
from known_period as k
left join agg_peer as s on s.brand = k.brand and s.peer = k.brand and s.grain = 'month' and s.period = k.period
left join agg_attention as a
    on a.brand = k.brand and a.dimension = 'all' and a.grain = 'month' and a.period = k.period
left join watched as w on w.brand = k.brand and w.peer = k.brand and w.period = k.period
left join peers as c on c.brand = k.brand
where k.dimension = 'all' and k.grain = 'month' and k.is_known
