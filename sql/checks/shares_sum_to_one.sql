-- A peer set whose members' mentions do not add up to the set's.
-- severity: fail
select brand, grain, period, sum(mention_count) as member_sum, min(set_count) as set_count
from agg_peer
group by brand, grain, period
having sum(mention_count) <> min(set_count) or min(set_count) <> max(set_count)
