-- A text or a link that should have been forgotten.
-- severity: fail
select post_key, expires_on
from raw.post_text
where expires_on <= (select b.forget_on from raw.build as b)
