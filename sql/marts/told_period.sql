-- One row per brand, dimension, part, grain and period that was redone and has mentions: what the checks compute on.
-- The same columns as brand_period, each period taken as wholly known, so that no faulty figure hides behind a gap.
-- kind: temp view
select
    a.*,
    1 as night_count,
    1 as complete_count,
    cast(1 as double) as coverage,
    true as is_known,
    true as is_known_d1,
    true as is_known_d7,
    true as is_known_d28,
    a.period as ends_on
from agg_mention as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
