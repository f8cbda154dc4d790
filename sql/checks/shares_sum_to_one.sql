-- A peer set's period redone whose members' mentions do not add up to the set's.
-- severity: fail
select a.brand, a.grain, a.period, sum(a.mention_count) as member_sum, min(a.set_count) as set_count
from agg_peer as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.grain, a.period
having sum(a.mention_count) <> min(a.set_count) or min(a.set_count) <> max(a.set_count)

union all

select a.brand, a.grain, a.period, sum(a.mention_count) as member_sum, min(a.set_count) as set_count
from agg_peer_source as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.source, a.grain, a.period
having sum(a.mention_count) <> min(a.set_count) or min(a.set_count) <> max(a.set_count)
