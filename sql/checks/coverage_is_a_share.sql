-- A period with more complete nights than it has.
-- severity: fail
select brand, dimension, part, grain, period, complete_count, night_count
from agg_coverage
where complete_count < 0 or complete_count > night_count or night_count is null
