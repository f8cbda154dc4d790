-- A source whose terms were not given: its figures stay in its own part and its posts are not shown.
-- severity: warn
select s.source
from dim_source as s
left join raw.source as t on t.source = s.source
where t.source is null
