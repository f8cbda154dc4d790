-- A mention that came or changed and whose post is not there: a deletion takes both, so no other can have lost its own.
-- severity: fail
select m.post_key, m.brand
from changed_mention as m
left join raw.post as p on p.post_key = m.post_key
where p.post_key is null
