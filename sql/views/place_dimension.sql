-- One row per brand, published model (nation and city: Anholt's hexagons; reptrak, bloom), its dimension and month with
-- at least 10 scored mentions of 5 authors: image_score of the registry of metrics, as in place_image. Those models are
-- surveys; this says what posts say of the same dimensions. What is measured by attention is in place_presence.
select
    m.brand,
    m.dimension as model,
    m.part as dimension_name,
    m.n as scored_count,
    s.author_count,
    m.value as place_score,
    m.low as place_low,
    m.high as place_high,
    t.value as net_sentiment,
    p.peer_net_sentiment,
    m.coverage,
    m.period as month
from metric_part as m
inner join place_score as s
    on s.brand = m.brand and s.model = m.dimension and s.part = m.part and s.grain = m.grain and s.period = m.period
inner join place_peer as p
    on p.brand = m.brand and p.model = m.dimension and p.part = m.part and p.grain = m.grain and p.period = m.period
left join metric_part as t
    on t.metric = 'tag_net_sentiment' and t.is_current and t.brand = m.brand and t.dimension = m.dimension
        and t.part = m.part and t.grain = m.grain and t.period = m.period
where m.metric = 'image_score' and m.is_current and m.grain = 'month' and m.value is not null
    and m.dimension <> 'theme'
