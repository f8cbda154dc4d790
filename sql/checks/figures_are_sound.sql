-- A figure of a period redone tonight that is no number, or lies outside its own interval.
-- severity: fail
select metric, brand, dimension, part, grain, period
from told_figure
where value in (cast('inf' as double), cast('-inf' as double), cast('nan' as double))
    or low in (cast('inf' as double), cast('-inf' as double), cast('nan' as double))
    or high in (cast('inf' as double), cast('-inf' as double), cast('nan' as double))
    or low > value or high < value or n < 0 or coverage < 0 or coverage > 1
