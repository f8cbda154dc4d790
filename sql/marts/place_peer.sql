-- One row per row of place_score: net sentiment on the same part over the brand's peer set, itself included, or over
-- all brands where its file names no peer.
-- kind: incremental
-- twin: by month
-- key: grain, period
with

said as (
    select s.brand, s.model, s.part, s.grain, s.period, s.sign_sum, s.scored_count
    from place_score as s
    inner join touched_period as t on t.grain = s.grain and t.period = s.period
),

peer as (
    select
        m.brand, s.model, s.part, s.grain, s.period,
        sum(s.sign_sum) / nullif(cast(sum(s.scored_count) as double), 0) as mean
    from said as s
    inner join bridge_peer as m on m.peer = s.brand
    group by m.brand, s.model, s.part, s.grain, s.period
),

everyone as (
    select model, part, grain, period, sum(sign_sum) / nullif(cast(sum(scored_count) as double), 0) as mean
    from said
    group by model, part, grain, period
)

select
    s.brand,
    s.model,
    s.part,
    s.grain,
    coalesce(p.mean, e.mean) as peer_net_sentiment,
    s.period
from said as s
inner join everyone as e on e.model = s.model and e.part = s.part and e.grain = s.grain and e.period = s.period
left join peer as p
    on p.brand = s.brand and p.model = s.model and p.part = s.part and p.grain = s.grain and p.period = s.period
