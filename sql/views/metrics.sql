-- One row per metric, brand, grain and period: every figure there is, all sources and languages together.
-- By the definitions of today; metrics_by_version has the series of older ones as well.
-- A value is NULL when it is not known or when too few posts or authors would carry it; n and coverage say which.
select metric, version, brand, grain, period, value, low, high, n, coverage
from metric_part
where dimension = 'all' and is_current
