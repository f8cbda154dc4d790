-- A brand's period whose languages do not add up to it.
-- severity: fail
select brand, grain, period,
    sum(case when dimension = 'all' then mention_count else 0 end) as brand_count,
    sum(case when dimension = 'language' then mention_count else 0 end) as language_sum
from agg_mention
where grain in ('day', 'week', 'month') and dimension in ('all', 'language')
group by brand, grain, period
having sum(case when dimension = 'all' then mention_count else -mention_count end) <> 0
