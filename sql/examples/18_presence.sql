-- How present is each brand among its peers: its share of what is said, and of what is looked up?
-- Quelle présence parmi les concurrents : part de ce qui se dit, et de ce qui se consulte ?
select brand, month, mention_share, attention_share, view_count, coverage
from place_presence
where mention_share is not null or view_count is not null
order by brand, month
