-- A night on which fct_mention does not hold exactly the accepted mentions of the store.
-- severity: fail
with

expected as (
    select p.night, count(*) as mention_count
    from raw.mention as m
    inner join raw.post as p on p.post_key = m.post_key
    inner join dim_date as d on d.night = p.night
    where m.accepted and m.sense <> 'spam'
    group by p.night
),

found as (
    select night, count(*) as mention_count
    from fct_mention
    group by night
)

select coalesce(e.night, f.night) as night, e.mention_count as expected_count, f.mention_count as found_count
from expected as e
full join found as f on f.night = e.night
where coalesce(e.mention_count, 0) <> coalesce(f.mention_count, 0)
