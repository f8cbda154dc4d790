-- A mention whose post is not there.
-- severity: fail
select m.post_key, m.brand
from raw.mention as m
left join raw.post as p on p.post_key = m.post_key
where p.post_key is null
