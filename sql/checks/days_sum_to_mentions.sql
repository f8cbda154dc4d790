-- A brand's day redone that is not the count of its mentions on a complete night.
-- severity: fail
with

daily as (
    select a.brand, a.period as night, sum(a.mention_count + a.owned_count) as mention_count
    from agg_mention as a
    inner join touched_night as t on t.night = a.period
    where a.dimension = 'all' and a.grain = 'day'
    group by a.brand, a.period
),

counted as (
    select f.brand, f.night, count(*) as mention_count
    from fct_mention as f
    inner join touched_night as t on t.night = f.night
    where f.is_night_complete
    group by f.brand, f.night
)

select coalesce(d.brand, c.brand) as brand, coalesce(d.night, c.night) as night,
    d.mention_count as day_sum, c.mention_count
from daily as d
full join counted as c on c.brand = d.brand and c.night = d.night
where coalesce(d.mention_count, 0) <> coalesce(c.mention_count, 0)
