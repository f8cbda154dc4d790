-- One row per brand, dimension, part, grain and period that was redone: what the checks compute on where a metric reads
-- known_period.
-- kind: temp table
select k.*
from known_period as k
inner join touched_period as t on t.grain = k.grain and t.period = k.period
