-- A brand whose days do not add up to its mentions on complete nights.
-- severity: fail
with

daily as (
    select brand, sum(mention_count + owned_count) as mention_count
    from agg_mention
    where dimension = 'all' and grain = 'day'
    group by brand
),

counted as (
    select brand, count(*) as mention_count
    from fct_mention
    where is_night_complete
    group by brand
)

select coalesce(d.brand, c.brand) as brand, d.mention_count as day_sum, c.mention_count
from daily as d
full join counted as c on c.brand = d.brand
where coalesce(d.mention_count, 0) <> coalesce(c.mention_count, 0)
