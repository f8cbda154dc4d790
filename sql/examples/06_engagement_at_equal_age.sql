-- Did this week's posts take better than last week's, seven days after each was written?
-- Les publications de cette semaine ont-elles mieux pris que celles d'avant, sept jours après leur parution ?
with

weekly as (
    select brand, period as week, value, n, value / nullif(n, 0) as per_mention
    from metrics
    where metric = 'engagement_d7' and grain = 'week' and value is not null
)

select
    brand,
    week,
    value as interactions_d7,
    n as original_count,
    per_mention,
    per_mention - lag(per_mention) over (partition by brand order by week) as change_per_mention
from weekly
order by brand, week
