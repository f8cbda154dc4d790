-- One row per brand and ISO week, named by its Monday: the sums behind the metrics.
-- 0 is a true zero, NULL what was not collected.
select *
from brand_period
where dimension = 'all' and grain = 'week'
