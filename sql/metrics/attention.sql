-- One row per brand, dimension (all, language), part, grain and period that was asked for.
-- title: Attention
-- unit: page views
-- definition: How often people opened the articles on the territory, all editions of Wikipedia together or one edition
--   by its language. It measures curiosity, not opinion, and needs no post. n is the days known, over all editions;
--   coverage their share. A day or a rolling period is NULL unless all of it is known.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: Wikimedia page views by people, without robots
select
    brand,
    dimension,
    part,
    grain,
    period,
    case when known_count = asked_count or (known_count > 0 and grain in ('week', 'month'))
        then cast(view_count as double) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    known_count as n,
    known_count / nullif(cast(asked_count as double), 0) as coverage
from agg_attention
