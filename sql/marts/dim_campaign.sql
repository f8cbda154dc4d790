-- One row per campaign of a brand listened to that has begun: its dates, as the brand's file gives them.
-- Its effect is measured on the first 8 weeks (`measured_until`) against the 8 weeks before (`measured_from`).
-- kind: table
select
    c.brand,
    c.campaign,
    c.channel,
    c.starts_on,
    c.ends_on,
    min(d.night) as measured_from,
    max(d.night) as measured_until
from raw.campaign as c
inner join dim_date as s on s.night = c.starts_on
inner join dim_date as d
    on d.day_number between s.day_number - 56 and s.day_number + 55
    and (c.ends_on is null or d.night <= c.ends_on)
group by c.brand, c.campaign, c.channel, c.starts_on, c.ends_on
