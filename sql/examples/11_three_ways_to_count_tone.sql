-- Does the tone change when neutral mentions are left out, or when what reaches most weighs more?
-- Le ton change-t-il si l'on écarte les mentions neutres, ou si ce qui porte le plus loin pèse plus ?
select
    brand,
    period as month,
    max(case when metric = 'net_sentiment' then value end) as net_sentiment,
    max(case when metric = 'net_sentiment_polar' then value end) as among_the_outspoken,
    max(case when metric = 'net_sentiment_weighted' then value end) as weighted_by_reach,
    max(n) as scored_count
from metrics
where grain = 'month' and metric in ('net_sentiment', 'net_sentiment_polar', 'net_sentiment_weighted')
group by brand, period
order by brand, month
