-- One row per metric, brand, language of the posts, grain (day, week, month) and period; "und" is undetermined.
select metric, version, brand, part as lang, grain, period, value, low, high, n, coverage
from metric_part
where dimension = 'language' and is_current
