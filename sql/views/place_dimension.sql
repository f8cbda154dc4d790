-- One row per brand, published model (nation and city: Anholt's hexagons; reptrak, bloom), its dimension and month with
-- at least 10 scored mentions of 5 authors: the dimension score, shrunk to the peer set and with an interval as in
-- place_image. Those models are surveys; this says what posts say of the same dimensions. What is measured by attention
-- is in place_presence.
with

dimension as (
    select * from place_score where model <> 'theme'
),

peer as (
    select
        m.brand, d.model, d.part, d.period, sum(d.sign_sum) / nullif(cast(sum(d.scored_count) as double), 0) as mean
    from dimension as d
    inner join bridge_peer as m on m.peer = d.brand
    group by m.brand, d.model, d.part, d.period
),

everyone as (
    select model, part, period, sum(sign_sum) / nullif(cast(sum(scored_count) as double), 0) as mean
    from dimension
    group by model, part, period
),

told as (
    select
        d.*, k.coverage,
        coalesce(p.mean, e.mean) as peers,
        50 * ((d.sign_sum + 30 * coalesce(p.mean, e.mean)) / (d.scored_count + 30.0) + 1) as score
    from dimension as d
    inner join everyone as e on e.model = d.model and e.part = d.part and e.period = d.period
    inner join known_period as k
        on k.brand = d.brand and k.dimension = 'all' and k.grain = 'month' and k.period = d.period
    left join peer as p on p.brand = d.brand and p.model = d.model and p.part = d.part and p.period = d.period
    where k.is_known and d.scored_count >= 10 and d.author_count >= 5
)

select
    brand,
    model,
    part as dimension_name,
    scored_count,
    author_count,
    score as place_score,
    least(50 * (low + 1), score) as place_low,
    greatest(50 * (high + 1), score) as place_high,
    net_sentiment,
    peers as peer_net_sentiment,
    coverage,
    period as month
from told
