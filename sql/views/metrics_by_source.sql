-- One row per metric, brand, source, grain (day, week, month) and period, on the nights that source answered in full.
select metric, version, brand, part as source, grain, period, value, low, high, n, coverage
from metric_part
where dimension = 'source' and is_current
