-- Which themes take how much of the talk, within which bounds, and in which tone?
-- Quelle part chaque thème prend-il, entre quelles bornes, et sur quel ton ?
select
    s.brand,
    s.period as month,
    s.part as theme,
    s.value as share,
    s.low,
    s.high,
    s.n as read_count,
    t.value as net_sentiment,
    t.low as net_sentiment_low,
    t.high as net_sentiment_high
from metrics_by_part as s
left join metrics_by_part as t
    on t.metric = 'tag_net_sentiment' and t.brand = s.brand and t.dimension = s.dimension and t.part = s.part
        and t.grain = s.grain and t.period = s.period
where s.metric = 'tag_share' and s.dimension = 'theme' and s.grain = 'month' and s.value is not null
order by s.brand, s.period, s.value desc
