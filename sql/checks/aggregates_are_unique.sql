-- A period redone tonight that an aggregate holds twice.
-- severity: fail
select 'agg_mention' as source_table, a.brand, a.dimension, a.part, a.grain, a.period
from agg_mention as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.dimension, a.part, a.grain, a.period
having count(*) > 1

union all

select 'agg_coverage' as source_table, a.brand, a.dimension, a.part, a.grain, a.period
from agg_coverage as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.dimension, a.part, a.grain, a.period
having count(*) > 1

union all

select 'agg_peer' as source_table, a.brand, 'peer' as dimension, a.peer as part, a.grain, a.period
from agg_peer as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.peer, a.grain, a.period
having count(*) > 1

union all

select 'agg_peer_source' as source_table, a.brand, a.source as dimension, a.peer as part, a.grain, a.period
from agg_peer_source as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.source, a.peer, a.grain, a.period
having count(*) > 1

union all

select 'agg_tag' as source_table, a.brand, a.tag_kind as dimension, a.tag as part, a.grain, a.period
from agg_tag as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
group by a.brand, a.tag_kind, a.tag, a.grain, a.period
having count(*) > 1
