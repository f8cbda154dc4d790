-- One row per brand, source ("*" is all together) and complete night: its mentions and their authors, or a true zero.
-- What the test of unusual nights reads: pipeline/warehouse/anomaly.py makes night_test of it.
-- kind: temp view
-- feeds: night_test
select
    c.brand,
    '*' as source,
    coalesce(a.mention_count, 0) as mention_count,
    coalesce(a.author_count, 0) as author_count,
    c.night
from calendar as c
left join agg_mention as a
    on a.brand = c.brand and a.dimension = 'all' and a.grain = 'day' and a.period = c.night
where c.is_complete

union all

select
    c.brand,
    c.source,
    coalesce(a.mention_count, 0) as mention_count,
    coalesce(a.author_count, 0) as author_count,
    c.night
from coverage_night as c
left join agg_mention as a
    on a.brand = c.brand and a.dimension = 'source' and a.part = c.source and a.grain = 'day' and a.period = c.night
where c.is_complete
