-- Did this week's posts take better than last week's, seven days after each was written?
-- Les publications de cette semaine ont-elles mieux pris que celles d'avant, sept jours après leur parution ?
with

weekly as (
    select
        m.brand, m.period as week, m.value, m.n, m.value / nullif(m.n, 0) as per_mention,
        -- Of all original mentions, those that were looked at near that age.
        k.value as known_share
    from metrics as m
    left join metrics as k
        on k.metric = 'engagement_d7_known' and k.brand = m.brand and k.grain = m.grain and k.period = m.period
    where m.metric = 'engagement_d7' and m.grain = 'week' and m.value is not null
)

select
    brand,
    week,
    value as interactions_d7,
    n as known_count,
    known_share,
    per_mention,
    per_mention - lag(per_mention) over (partition by brand order by week) as change_per_mention
from weekly
order by brand, week
