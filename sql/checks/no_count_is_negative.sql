-- A sum of a period redone that cannot be.
-- severity: fail
select a.brand, a.dimension, a.part, a.grain, a.period
from agg_mention as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
where a.mention_count < 0 or a.positive_count + a.negative_count > a.scored_count
    or a.scored_count > a.mention_count or a.author_count > a.mention_count or a.partner_count > a.mention_count
    or a.sign_square > a.count_square or a.reach_low > a.reach_central or a.reach_central > a.reach_high
