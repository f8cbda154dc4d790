-- A source whose terms were not given: its posts are counted and never shown.
-- severity: warn
select s.source
from dim_source as s
left join raw.source as t on t.source = s.source
where t.source is null
