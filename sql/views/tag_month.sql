-- One row per brand, tag and month, named by its first day, in which at least 10 mentions of 5 authors carried the tag:
-- the themes, audiences, emotions (experimental) and senses of tag_week over a month.
select
    a.brand,
    a.tag_kind,
    a.tag,
    a.mention_count,
    r.mention_count as read_count,
    a.author_count,
    a.scored_count,
    a.mention_count / nullif(cast(r.mention_count as double), 0) as share,
    case when a.scored_count >= 30 and a.author_count >= 30
        then (a.positive_count - a.negative_count) / nullif(cast(a.scored_count as double), 0) end as net_sentiment,
    k.coverage,
    a.period as month
from agg_tag as a
inner join agg_tag as r on r.brand = a.brand and r.tag_kind = 'read' and r.grain = a.grain and r.period = a.period
inner join known_period as k
    on k.brand = a.brand and k.dimension = 'all' and k.grain = a.grain and k.period = a.period
where a.grain = 'month' and a.tag_kind <> 'read' and k.is_known and a.mention_count >= 10 and a.author_count >= 5
