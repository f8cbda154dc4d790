-- One row per period that holds a touched night: what the aggregates replace, and nothing else.
-- kind: temp table
select distinct
    b.grain,
    b.period
from bridge_period as b
inner join touched_night as t on t.night = b.night
