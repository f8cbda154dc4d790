-- How many people spoke of each brand, week after week, and how much of each week was listened to?
-- Combien de mentions par marque et par semaine, et quelle part de la semaine a été écoutée ?
select brand, period as week, cast(value as bigint) as mention_count, coverage
from metrics
where metric = 'mentions' and grain = 'week'
order by brand, week
