-- In which languages is each brand spoken of, and with what tone?
-- Dans quelles langues parle-t-on de chaque marque, et sur quel ton ?
select
    m.brand,
    m.lang,
    m.period as month,
    cast(m.value as bigint) as mention_count,
    s.value as net_sentiment,
    s.low,
    s.high
from metrics_by_language as m
left join metrics_by_language as s
    on s.brand = m.brand and s.lang = m.lang and s.grain = m.grain and s.period = m.period
    and s.metric = 'net_sentiment'
where m.metric = 'mentions' and m.grain = 'month'
order by m.brand, month, mention_count desc, m.lang
