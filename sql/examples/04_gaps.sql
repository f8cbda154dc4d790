-- Which nights are missing, for which source, and why?
-- Quelles nuits manquent, pour quelle source, et pourquoi ?
select night, source, status, count(*) as brand_count
from coverage_night
where not is_complete
group by night, source, status
order by night, source, status
