-- On which source does each brand weigh most among its peers, and where can no order be told?
-- Sur quelle source chaque marque pèse-t-elle le plus parmi ses concurrentes, et où ne peut-on rien dire ?
select
    m.brand,
    m.period as month,
    m.source,
    m.value as share_of_voice,
    m.low,
    m.high,
    m.n as peer_set_mentions,
    a.value as share_everywhere,
    case when m.low > a.value then 'above' when m.high < a.value then 'below' else 'cannot tell' end as verdict
from metrics_by_source as m
inner join metrics as a
    on a.brand = m.brand and a.metric = m.metric and a.grain = m.grain and a.period = m.period
where m.metric = 'share_of_voice' and m.grain = 'month' and m.value is not null
order by m.brand, m.period, m.value desc
