-- A period redone with more complete nights than it has.
-- severity: fail
select a.brand, a.dimension, a.part, a.grain, a.period, a.complete_count, a.night_count
from agg_coverage as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
where a.complete_count < 0 or a.complete_count > a.night_count or a.night_count is null
