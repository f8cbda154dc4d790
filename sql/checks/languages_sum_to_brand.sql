-- A brand's period redone whose languages do not add up to it.
-- severity: fail
select a.brand, a.grain, a.period,
    sum(case when a.dimension = 'all' then a.mention_count else 0 end) as brand_count,
    sum(case when a.dimension = 'language' then a.mention_count else 0 end) as language_sum
from agg_mention as a
inner join touched_period as t on t.grain = a.grain and t.period = a.period
where a.grain in ('day', 'week', 'month') and a.dimension in ('all', 'language')
group by a.brand, a.grain, a.period
having sum(case when a.dimension = 'all' then a.mention_count else -a.mention_count end) <> 0
