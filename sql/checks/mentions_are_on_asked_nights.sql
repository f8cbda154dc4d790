-- A brand's night with mentions though no source says it was collected: imported without a ledger?
-- severity: warn
select f.brand, f.night, count(*) as mention_count
from fct_mention as f
inner join calendar as c on c.brand = f.brand and c.night = f.night
where c.status = 'not_asked'
group by f.brand, f.night
