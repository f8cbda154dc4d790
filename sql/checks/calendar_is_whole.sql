-- A brand whose calendar does not hold each night redone once; every night is redone when it is new.
-- severity: fail
with

redone as (
    select c.brand, c.night
    from calendar as c
    inner join touched_night as t on t.night = c.night
)

select b.brand, count(c.night) as night_count, count(distinct c.night) as distinct_count
from dim_brand as b
left join redone as c on c.brand = b.brand
group by b.brand
having count(c.night) <> (select count(h.night) from touched_night as h)
    or count(distinct c.night) <> (select count(h.night) from touched_night as h)
