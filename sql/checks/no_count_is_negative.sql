-- A sum that cannot be.
-- severity: fail
select brand, dimension, part, grain, period
from agg_mention
where mention_count < 0 or positive_count + negative_count > scored_count or scored_count > mention_count
    or author_count > mention_count or partner_count > mention_count
    or sign_square > count_square or reach_low > reach_central or reach_central > reach_high
