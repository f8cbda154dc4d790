-- Who leads the conversation in my peer set this month, and which ranks are in fact ties?
-- Qui domine la conversation parmi mes concurrents ce mois-ci, et quels rangs sont en réalité des ex æquo ?
with

share as (
    -- Each member's share of this very set: share_of_voice in `metrics` is a brand's share of its own.
    select p.brand as peer_set, p.peer, p.share as value, p.share_low as low, p.share_high as high
    from peer_share as p
    where p.grain = 'month' and p.set_count >= 10 and p.period = (select max(d.month) from dim_date as d)
)

select
    a.peer_set,
    a.peer,
    a.value as share_of_voice,
    a.low,
    a.high,
    1 + sum(case when b.low > a.high then 1 else 0 end) as best_rank,
    sum(case when b.high >= a.low then 1 else 0 end) as worst_rank
from share as a
inner join share as b on b.peer_set = a.peer_set
group by a.peer_set, a.peer, a.value, a.low, a.high
order by a.peer_set, a.value desc
