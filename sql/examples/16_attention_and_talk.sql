-- Do people look the place up when they speak of it: page views beside mentions, week after week?
-- Cherche-t-on le lieu quand on en parle : pages vues et mentions, semaine après semaine ?
select
    t.brand,
    t.period as week,
    cast(a.value as bigint) as page_views,
    a.coverage as page_views_coverage,
    cast(t.value as bigint) as mention_count,
    t.coverage
from metrics as t
inner join metrics as a on a.brand = t.brand and a.grain = t.grain and a.period = t.period
where t.metric = 'mentions' and a.metric = 'attention' and t.grain = 'week'
order by t.brand, week
