-- One row per brand and month: presence (Anholt's city hexagon) and national prominence (Bloom), which are attention,
-- not tone: share_of_voice, attention_share and attention of the registry of metrics, side by side.
select
    brand,
    max(case when metric = 'share_of_voice' then value end) as mention_share,
    max(case when metric = 'attention_share' then value end) as attention_share,
    cast(max(case when metric = 'attention' then value end) as bigint) as view_count,
    max(case when metric = 'mentions' then coverage end) as coverage,
    period as month
from metric_part
where dimension = 'all' and grain = 'month' and is_current
    and metric in ('mentions', 'share_of_voice', 'attention_share', 'attention')
group by brand, period
having max(case when metric = 'mentions' then value end) is not null
