-- One row per campaign that a build must judge anew, brand listened to and night measured: what is compared.
-- `is_peer` is a member of the brand's peer set; `is_touched` a brand with a campaign of its own in those nights.
-- What pipeline/warehouse/campaign.py makes campaign_test of.
-- kind: temp view
-- feeds: campaign_test
with

redone as (
    select distinct c.brand, c.campaign, c.starts_on, c.measured_from, c.measured_until
    from dim_campaign as c
    inner join touched_night as t on t.night between c.measured_from and c.measured_until
),

touched as (
    select distinct r.brand, r.campaign, r.starts_on, o.brand as unit
    from redone as r
    inner join dim_campaign as o
        on o.starts_on <= r.measured_until and (o.ends_on is null or o.ends_on >= r.measured_from)
        and (o.brand <> r.brand or o.campaign <> r.campaign or o.starts_on <> r.starts_on)
)

select
    r.brand,
    r.campaign,
    b.brand as unit,
    b.brand = r.brand as is_own,
    p.peer is not null as is_peer,
    t.unit is not null as is_touched,
    d.weekday,
    d.day_number - s.day_number as day,
    case when c.is_complete then coalesce(a.mention_count, 0) end as mention_count,
    case when c.is_complete then coalesce(a.scored_count, 0) end as scored_count,
    case when c.is_complete then coalesce(a.positive_count, 0) end as positive_count,
    case when c.is_complete then coalesce(a.negative_count, 0) end as negative_count,
    r.starts_on,
    d.night
from redone as r
inner join dim_date as s on s.night = r.starts_on
inner join dim_date as d on d.night between r.measured_from and r.measured_until
cross join dim_brand as b
inner join calendar as c on c.brand = b.brand and c.night = d.night
left join agg_mention as a
    on a.brand = b.brand and a.dimension = 'all' and a.grain = 'day' and a.period = d.night
left join bridge_peer as p on p.brand = r.brand and p.peer = b.brand and p.peer <> p.brand
left join touched as t
    on t.brand = r.brand and t.campaign = r.campaign and t.starts_on = r.starts_on and t.unit = b.brand
where b.is_listened
