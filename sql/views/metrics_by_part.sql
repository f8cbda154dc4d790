-- One row per metric of parts, brand, dimension, part, grain and period: what the talk is about and who carries it.
-- Dimensions are theme, audience, emotion, sense; the published models of place image nation, city, reptrak, bloom; and
-- ownership. A tag that nobody used in a period has no row. By the definitions of today; metric_part has older ones.
select metric, version, brand, dimension, part, grain, period, value, low, high, n, coverage
from metric_part
where dimension not in ('all', 'source', 'language') and is_current
