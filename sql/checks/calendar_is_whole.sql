-- A brand whose calendar does not hold each night once.
-- severity: fail
select b.brand, count(c.night) as night_count, count(distinct c.night) as distinct_count
from dim_brand as b
left join calendar as c on c.brand = b.brand
group by b.brand
having count(c.night) <> (select count(h.night) from dim_date as h)
    or count(distinct c.night) <> (select count(h.night) from dim_date as h)
