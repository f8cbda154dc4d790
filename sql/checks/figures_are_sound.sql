-- A figure of a touched period that is no number, or lies outside its own interval.
-- severity: fail
select m.metric, m.brand, m.dimension, m.part, m.grain, m.period
from metric_part as m
inner join touched_period as t on t.grain = m.grain and t.period = m.period
where m.value in (cast('inf' as double), cast('-inf' as double), cast('nan' as double))
    or m.low in (cast('inf' as double), cast('-inf' as double), cast('nan' as double))
    or m.high in (cast('inf' as double), cast('-inf' as double), cast('nan' as double))
    or m.low > m.value or m.high < m.value or m.n < 0 or m.coverage < 0 or m.coverage > 1
