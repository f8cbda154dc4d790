-- One row per brand, tag, grain (week or month) and period in which it was read: what tag_week and place_image divide.
-- kind: incremental
-- key: grain, period
select
    b.brand,
    b.tag_kind,
    b.tag,
    p.grain,
    count(*) as mention_count,
    count(b.image_sign) as scored_count,
    cast(sum(case when b.image_sign = 1 then 1 else 0 end) as bigint) as positive_count,
    cast(sum(case when b.image_sign = -1 then 1 else 0 end) as bigint) as negative_count,
    count(distinct b.author_number) as author_count,
    p.period
from bridge_mention_tag as b
inner join bridge_period as p on p.night = b.night
inner join touched_period as t on t.grain = p.grain and t.period = p.period
where b.is_counted and p.grain in ('week', 'month')
group by b.brand, b.tag_kind, b.tag, p.grain, p.period
