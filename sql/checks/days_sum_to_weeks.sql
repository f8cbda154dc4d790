-- A week redone that is not the sum of its days.
-- severity: fail
with

daily as (
    select a.brand, a.dimension, a.part, d.week as period, sum(a.mention_count) as mention_count,
        sum(a.positive_count) as positive_count, sum(a.interactions_latest) as interactions
    from agg_mention as a
    inner join dim_date as d on d.night = a.period
    inner join touched_period as t on t.grain = 'week' and t.period = d.week
    where a.grain = 'day'
    group by a.brand, a.dimension, a.part, d.week
),

whole as (
    select a.brand, a.dimension, a.part, a.period, a.mention_count, a.positive_count,
        a.interactions_latest as interactions
    from agg_mention as a
    inner join touched_period as t on t.grain = a.grain and t.period = a.period
    where a.grain = 'week'
)

select coalesce(d.brand, w.brand) as brand, coalesce(d.part, w.part) as part, coalesce(d.period, w.period) as period,
    d.mention_count as day_sum, w.mention_count
from daily as d
full join whole as w
    on w.brand = d.brand and w.dimension = d.dimension and w.part = d.part and w.period = d.period
where d.mention_count is distinct from w.mention_count
    or d.positive_count is distinct from w.positive_count
    or d.interactions is distinct from w.interactions
