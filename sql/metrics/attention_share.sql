-- One row per brand, grain and period.
-- title: Share of attention in the peer set
-- unit: share of page views
-- definition: Page views of the articles on the territory divided by those of its peer set, itself included, as
--   attention counts them: presence in the sense of Anholt's city hexagon, national prominence in Bloom's, which are
--   measured by attention and not by tone. Known only where every view of every member is; all are counted, so there is
--   no interval. n is the peer set's page views; coverage the share of its days and editions that are known.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: Wikimedia page views by people, without robots; the share is a proposal of this project
with

watched as (
    select
        m.brand, a.grain, a.period,
        count(*) as known_peers,
        sum(a.view_count) as set_views,
        sum(a.known_count) / nullif(cast(sum(a.asked_count) as double), 0) as coverage
    from agg_attention as a
    inner join bridge_peer as m on m.peer = a.brand
    where a.dimension = 'all'
    group by m.brand, a.grain, a.period
),

peers as (
    select brand, count(*) as peer_count from bridge_peer group by brand
)

select
    a.brand,
    'all' as dimension,
    '' as part,
    a.grain,
    a.period,
    case when w.coverage = 1 and w.known_peers = p.peer_count
        then a.view_count / nullif(cast(w.set_views as double), 0) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    cast(w.set_views as bigint) as n,
    w.coverage
from agg_attention as a
inner join watched as w on w.brand = a.brand and w.grain = a.grain and w.period = a.period
inner join peers as p on p.brand = a.brand
where a.dimension = 'all'
