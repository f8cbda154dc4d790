-- One row per brand, published model (nation and city: Anholt's hexagons; reptrak, bloom), its dimension and month with
-- at least 10 scored mentions of 5 authors: the dimension score, shrunk to the peer set as in place_image. Those models
-- are surveys; this says what posts say of the same dimensions. What is measured by attention is in place_presence.
with

dimension as (
    select * from agg_dimension where grain = 'month'
),

peer as (
    select m.brand, d.model, d.dimension_name, d.period,
        sum(d.positive_count - d.negative_count) / nullif(cast(sum(d.scored_count) as double), 0) as mean
    from dimension as d
    inner join bridge_peer as m on m.peer = d.brand
    group by m.brand, d.model, d.dimension_name, d.period
),

everyone as (
    select model, dimension_name, period,
        sum(positive_count - negative_count) / nullif(cast(sum(scored_count) as double), 0) as mean
    from dimension
    group by model, dimension_name, period
),

told as (
    select
        d.brand, d.model, d.dimension_name, d.scored_count, d.author_count, k.coverage, d.period,
        cast(d.scored_count as double) as n,
        (d.positive_count - d.negative_count) / nullif(cast(d.scored_count as double), 0) as s,
        coalesce(p.mean, e.mean) as peers,
        -- One positive and one negative mention more, or 10 neutral ones would give an interval of no width.
        1.95996 * sqrt(greatest((d.positive_count + d.negative_count + 2.0) / (d.scored_count + 2.0)
            - power((d.positive_count - d.negative_count) / (d.scored_count + 2.0), 2), 0) / (d.scored_count + 2.0))
        as half
    from dimension as d
    inner join everyone as e on e.model = d.model and e.dimension_name = d.dimension_name and e.period = d.period
    inner join known_period as k
        on k.brand = d.brand and k.dimension = 'all' and k.grain = 'month' and k.period = d.period
    left join peer as p
        on p.brand = d.brand and p.model = d.model and p.dimension_name = d.dimension_name and p.period = d.period
    where k.is_known and d.scored_count >= 10 and d.author_count >= 5
)

select
    brand,
    model,
    dimension_name,
    scored_count,
    author_count,
    50 * ((n * s + 30 * peers) / (n + 30) + 1) as place_score,
    greatest(50 * ((n * (s - half) + 30 * peers) / (n + 30) + 1), 0) as place_low,
    least(50 * ((n * (s + half) + 30 * peers) / (n + 30) + 1), 100) as place_high,
    s as net_sentiment,
    peers as peer_net_sentiment,
    coverage,
    period as month
from told
