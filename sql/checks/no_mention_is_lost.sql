-- A night redone on which fct_mention does not hold exactly the accepted mentions of the store.
-- severity: fail
with

expected as (
    select p.night, count(*) as mention_count
    from raw.post as p
    inner join touched_night as t on t.night = p.night
    inner join raw.mention as m on m.post_key = p.post_key
    where m.accepted and m.sense <> 'spam'
    group by p.night
),

found as (
    select f.night, count(*) as mention_count
    from fct_mention as f
    inner join touched_night as t on t.night = f.night
    group by f.night
)

select coalesce(e.night, f.night) as night, e.mention_count as expected_count, f.mention_count as found_count
from expected as e
full join found as f on f.night = e.night
where coalesce(e.mention_count, 0) <> coalesce(f.mention_count, 0)
