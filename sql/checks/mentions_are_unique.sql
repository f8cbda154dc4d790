-- A mention of a night redone that is counted twice.
-- severity: fail
select f.post_number, f.brand
from fct_mention as f
inner join touched_night as t on t.night = f.night
group by f.post_number, f.brand
having count(*) > 1
