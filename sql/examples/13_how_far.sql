-- How many screen appearances did the mentions have: observed, estimated from low to high, and as an upper bound?
-- Combien d'apparitions à l'écran : observées, estimées de bas en haut, et au plus ?
select
    brand,
    period as week,
    max(case when metric = 'reach_observed' then value end) as views_observed,
    max(case when metric = 'reach' then low end) as views_low,
    max(case when metric = 'reach' then value end) as views_central,
    max(case when metric = 'reach' then high end) as views_high,
    max(case when metric = 'reach_potential' then value end) as followers_added,
    max(case when metric = 'reach' then n end) as known_count
from metrics
where grain = 'week' and metric in ('reach', 'reach_observed', 'reach_potential')
group by brand, period
order by brand, week
