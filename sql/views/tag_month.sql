-- One row per brand, tag and month, named by its first day, in which at least 10 mentions of 5 authors carried the tag
-- and 30 mentions of 30 authors were looked at: the themes, audiences, emotions (experimental) and senses of tag_week
-- over a month.
select
    a.brand,
    a.tag_kind,
    a.tag,
    a.mention_count,
    s.n as read_count,
    a.author_count,
    a.scored_count,
    s.value as share,
    t.value as net_sentiment,
    s.coverage,
    a.period as month
from agg_tag as a
inner join metric_part as s
    on s.metric = 'tag_share' and s.is_current and s.brand = a.brand and s.dimension = a.tag_kind and s.part = a.tag
        and s.grain = a.grain and s.period = a.period
left join metric_part as t
    on t.metric = 'tag_net_sentiment' and t.is_current and t.brand = a.brand and t.dimension = a.tag_kind
        and t.part = a.tag and t.grain = a.grain and t.period = a.period
where a.grain = 'month' and s.value is not null
