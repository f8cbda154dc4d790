-- A mention that is counted twice.
-- severity: fail
select post_number, brand
from fct_mention
group by post_number, brand
having count(*) > 1
