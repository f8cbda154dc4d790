-- One row per metric, version of its definition, brand, grain and period: every version over all history, the one of
-- today marked. Two versions are two series: a chart that goes from one to the other shows a break.
select metric, version, is_current, brand, grain, period, value, low, high, n, coverage
from metric_part
where dimension = 'all'
