-- One row per brand, dimension, part, grain and period that has at least one mention: how many different texts were
-- said, whoever said them again and however often. A text that spans several nights is one in each period it is in.
-- kind: incremental
-- twin: by month
-- key: grain, period
-- fan: 44
with

said as (
    select distinct brand, dimension, part, coalesce(near_number, post_number) as said_number, night
    from counted_mention
    where own = 1
)

select
    s.brand,
    s.dimension,
    s.part,
    b.grain,
    count(distinct s.said_number) as text_count,
    b.period
from said as s
inner join bridge_period as b on b.night = s.night
inner join touched_period as t on t.grain = b.grain and t.period = b.period
where s.dimension = 'all' or b.grain in ('day', 'week', 'month')
group by s.brand, s.dimension, s.part, b.grain, b.period
