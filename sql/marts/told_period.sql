-- One row per brand, dimension, part, grain and period that was redone, is known and has mentions: what is checked.
-- The same columns as brand_period, without the periods in which nothing was said.
-- kind: temp table
select
    a.*,
    p.night_count,
    p.complete_count,
    p.coverage,
    p.is_known,
    p.is_known_d1,
    p.is_known_d7,
    p.is_known_d28,
    p.ends_on
from agg_mention as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
inner join known_period as p
    on p.brand = a.brand and p.dimension = a.dimension and p.part = a.part and p.grain = a.grain and p.period = a.period
where p.is_known
